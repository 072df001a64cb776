//! Suite.
mod journal;
mod quarantine;

mod model;
mod training;
//! The suite: whole rooms, and the whole path through real MTAs.
mod mta;
//! Whole rooms, and rooms together: one binary, one file per subject.
mod arc_suite;
mod dns;
mod known_failures;
mod spf_suite;
