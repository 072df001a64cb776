//! Suite.
mod journal;
mod quarantine;

mod model;
mod training;
//! The suite: whole rooms, and the whole path through real MTAs.
mod mta;
