//! HTML bodies, read in one pass: while mail passes no tree is built, so that no nesting or number of attributes costs
//! more than its bytes.

mod element;
mod entity;
mod inner;
mod page;
mod style;
mod tag;
mod token;
mod tree;

pub use inner::inner_text;
pub(super) use page::read;
pub use tree::{Node, NodeKind, Tree};
