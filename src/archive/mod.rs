//! Messages as they were when they were decided on, so that decisions can be made again: kept by hour, found by the
//! decision's id, and never in the way of the mail.

/// Where the archive lies within the state directory.
pub const FOLDER: &str = "archive";

mod disk;
mod hour;
mod keeper;
mod reader;
mod record;
mod settings;
mod writer;

pub use keeper::{Archive, Counts, Item};
pub use reader::{Place, Reader};
pub use record::{Facts, Head};
pub use settings::Settings;
