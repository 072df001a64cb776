//! HTML bodies, read in one pass: no tree is built, so that no nesting or number of attributes costs more than its bytes.

mod element;
mod entity;
mod inner;
mod page;
mod style;
mod tag;
mod token;

pub use inner::inner_text;
pub(super) use page::read;
