//! Suite.
mod journal;
mod quarantine;
