//! Suite.
mod journal;
mod quarantine;

mod model;
mod training;
