//! The rule language as text: tokens, syntax, parser and printer, and what is wrong with a source.

mod fault;
mod lexer;
mod nearest;
mod parser;
mod primary;
mod printer;
mod syntax;

pub use fault::{Fault, Place, Span};
pub use nearest::{distance, nearest};
pub use parser::{DEPTH_MAX, SOURCE_BYTES_MAX, parse};
pub use printer::print;
pub use syntax::{Argument, Arithmetic, Kind, Node, Relation};
