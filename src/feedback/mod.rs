//! What recipients report or move into Junk becomes labels, and labels reach the baselines: all that the daemon does by itself.

mod clerk;
mod flow;
mod inbox;
mod junk;
mod reports;
mod rows;
mod seen;
mod settings;

pub use flow::{Flowed, flow};
pub use inbox::Inbox;
pub use junk::look_into_junk;
pub use reports::look_into_reports;
pub use rows::{Found, Row, find, find_all};
pub use settings::Settings;
