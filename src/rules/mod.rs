//! The MQL-compatible rule language: read, check, evaluate; its functions; the feed.

pub mod check;
pub mod evaluate;
pub mod facts;
pub mod feed;
pub mod fetch;
pub mod functions;
pub mod in_force;
pub mod language;
pub mod lists;
pub mod patterns;
pub mod schema;
pub mod set;
mod settings;
pub mod xpath;

pub use in_force::InForce;
pub use set::{Heading, Match, Matches, RuleSet};
pub use settings::{Action, Consequence, Mode, Settings};
