//! Whole rooms, and rooms together: one binary, one file per subject.

mod arc_suite;
mod auth;
mod dns;
mod known_failures;
mod spf_suite;
