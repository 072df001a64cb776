//! One JSON line per decision, durable and rotated.

/// Where the journal lies within the state directory.
pub const FOLDER: &str = "journal";

mod appender;
#[cfg(test)]
mod crash;
mod disk;
mod entry;
mod ids;
mod line;
mod named;
mod parts;
mod reader;
mod record;
mod scan;
mod segments;
mod settings;
mod tail;
mod volumes;
mod writer;

pub use entry::{Digests, Entry, Rarity, SCHEMA, Source};
pub use ids::Ids;
pub use line::line;
pub use named::Named;
pub use parts::{AuthSummary, Matched, Rules, Session};
pub use reader::find;
pub use record::{Journal, OpenFault};
pub use scan::each;
pub use segments::files;
pub use settings::{Settings, WhenUnwritable};
pub use tail::Tail;
pub use volumes::{Volume, each_line, entry_at, volumes};
pub use writer::{Durability, Unwritten};
