//! `regex.count`: how often a regular expression matches in a text.

use crate::rules::functions::counted::matches;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::patterns::Mode;
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "regex.count",
    about: "how often a regular expression matches in a text",
    takes: &[one("source", Accepts::Text), one("pattern", Accepts::Pattern(Mode::ANYWHERE))],
    gives: |_| Type::INTEGER,
    body: Body::Known(|call| matches(call, Mode::ANYWHERE)),
};
