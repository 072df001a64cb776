//! Findings in, one verdict out, with reasons that add up.

mod counterfactual;
mod decide;
mod decisive;
mod entries;
mod explain;
mod findings;
mod id;
mod marks;
mod matched;
mod mutes;
mod policy;
mod ruled;
mod thresholds;
mod verdict;

pub use counterfactual::{Change, Reach, smallest_change};
pub use decide::{Failure, decide, decide_failed};
pub use decisive::decisive;
pub use entries::{Allow, Block, Pattern};
pub use explain::{Account, explain};
pub use findings::Findings;
pub use id::DecisionId;
pub use marks::{HEADER_PREFIX, Marks, Refusal, Tagging, marked_subject, marks, refusal};
pub use matched::RULE_PREFIX;
pub use mutes::{MODEL, Mutes, RARITY_PREFIX, Withheld};
pub use policy::{Fallback, Mode, Policy, Policy as Settings};
pub use thresholds::{CategoryThresholds, Thresholds};
pub use verdict::{Action, Decision, Reason, Verdict};
