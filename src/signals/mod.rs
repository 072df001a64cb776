//! The registry of signals: one file per signal, in a folder per level; pure functions of the evidence.

mod registry;

pub use registry::{Level, Risk, Signal, Signals};
