//! What recipients are told of their held mail: one letter a day, with links that ask before they let something go.

mod letter;
mod letters;
mod link;
mod plain;
mod settings;

pub use letters::{Digests, Letter, Sent, Undone};
pub use link::{Link, LinkFlaw, Linked};
pub use plain::plain;
pub use settings::Settings;
