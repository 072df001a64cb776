//! The journal as tables: Parquet files by day and hour, made from its lines, merged, and dropped when they are old.

/// Where the tables lie within the state directory.
pub const FOLDER: &str = "tables";

mod catalog;
mod cells;
#[cfg(test)]
mod crash;
mod disk;
mod file;
mod labels;
mod line;
mod merge;
mod pack;
mod partition;
mod progress;
mod scan;
mod schema;
mod settings;
mod source;

pub use cells::{Cells, Kind};
pub use pack::{PackError, Packed, pack};
pub use scan::{Period, Rows, Tables};
pub use schema::{Column, TABLES, columns};
pub use settings::Settings;
