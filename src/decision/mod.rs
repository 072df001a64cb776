//! Findings in, one verdict out, with reasons that add up.

mod verdict;

pub use verdict::{Action, Decision, Reason, Verdict};
