//! Whole rooms, and rooms together, through real parts: one binary, one file per subject.

mod arc_suite;
mod auth;
mod dns;
mod journal;
mod known_failures;
mod model;
mod mta;
mod quarantine;
mod spf_suite;
mod training;
//! Suite.
mod baseline;
mod baseline_crash;
