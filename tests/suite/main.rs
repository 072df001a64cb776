//! Suite.
mod baseline;
mod baseline_crash;
