//! What people said of decisions: facts with who, when and how. The newest counts, and nothing is lost.

mod book;
mod report;

pub use book::{Book, FILE, How, Label, Opinion, TEXT_BYTES_MAX};
pub use report::{Report, Subject};
