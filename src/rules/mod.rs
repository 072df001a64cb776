//! The MQL-compatible rule language: read, check, evaluate; its functions; the feed.

pub mod check;
pub mod evaluate;
pub mod facts;
pub mod feed;
pub mod functions;
pub mod language;
pub mod lists;
pub mod patterns;
pub mod schema;
pub mod set;
