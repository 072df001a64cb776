//! HTML bodies, read in one pass: no tree is built, so that no nesting or number of attributes costs more than its bytes.

mod element;
mod entity;
mod page;
mod style;
mod tag;
mod token;

pub(super) use page::read;
