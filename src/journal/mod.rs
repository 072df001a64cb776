//! One JSON line per decision, durable and rotated.

mod appender;
#[cfg(test)]
mod crash;
mod disk;
mod entry;
mod ids;
mod journal;
mod line;
mod named;
mod reader;
mod segments;
mod settings;
mod tail;
mod writer;

pub use entry::{AuthSummary, Digests, Entry, SCHEMA, Session, Source};
pub use ids::Ids;
pub use journal::{Journal, OpenFault};
pub use line::line;
pub use named::Named;
pub use reader::find;
pub use settings::{Settings, WhenUnwritable};
pub use tail::Tail;
pub use writer::{Durability, Unwritten};
