//! What people said of decisions: facts with who, when and how. The newest counts, and nothing is lost.

mod book;
mod let_go;
mod report;

pub use book::{Book, FILE, How, Label, Opinion, TEXT_BYTES_MAX};
pub use let_go::{LetGo, LettingGo, NotLetGo};
pub use report::{Report, Subject};
