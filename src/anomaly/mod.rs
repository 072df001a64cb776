//! Directed Anomaly Scoring: which of today's messages are rarest in the direction of an attack; it needs no labels.
//!
//! After Ho et al., *Detecting Credential Spearphishing in Enterprise Settings* (USENIX Security 2017). Each
//! sub-detector looks only at messages to which it applies and compares few features, each with the direction in which
//! it is suspicious. A message's score is the number of remembered ones that it dominates: those that are no more
//! suspicious in any feature. It is an alert where so few remembered messages rank as high that the daily budget of
//! alerts covers them. So the administrator sets what people can look at, and no threshold.

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
