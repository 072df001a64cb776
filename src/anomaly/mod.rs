//! Directed Anomaly Scoring: which of today's messages are rarest in the direction of an attack; it needs no labels.
//!
//! After Ho et al., *Detecting Credential Spearphishing in Enterprise Settings* (USENIX Security 2017). Each
//! sub-detector looks only at messages to which it applies and compares few features, each with the direction in which
//! it is suspicious. A message's score is the number of remembered ones that it dominates: those that are no more
//! suspicious in any feature. So the administrator sets how many alerts a day people can look at, and no threshold.
//!
//! The paper gives each sub-detector an equal part of that budget, and what one does not need is lost. Here all share
//! it: a message is told by how many peers it has, those about as suspicious to the sub-detector to which it is rarest,
//! and is an alert where so few messages of the last month had fewer peers that the budget covers them.

mod detector;
mod finding;
mod level;
mod settings;
mod state;
mod watch;
mod window;

pub use detector::{Detector, Feature, detectors};
pub use finding::{Fact, Finding};
pub use settings::Settings;
pub use watch::Anomaly;
