//! A feed of rules: the files of a folder, each with what is wrong with it.

mod entity;
mod read;
mod report;
mod signatures;

pub use entity::{Entity, EntityKind, Place, Sample};
pub use read::{ReadError, Rule, read, read_rule};
pub use report::{Problem, Report};
pub use signatures::signatures;
