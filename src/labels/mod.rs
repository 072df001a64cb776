//! What people said of decisions: facts with who, when and how. The newest counts, and nothing is lost.

mod book;
mod report;

pub use book::{Book, FILE, How, Label, Opinion};
pub use report::{Report, Subject};
