//! The MQL-compatible rule language: read, check, evaluate; its functions; the feed.

pub mod language;
