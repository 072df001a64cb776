//! Suite.

mod model;
mod training;
