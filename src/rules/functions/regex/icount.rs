//! `regex.icount`: how often a regular expression matches in a text, without regard to case.

use crate::rules::functions::counted::matches;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::patterns::Mode;
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "regex.icount",
    about: "how often a regular expression matches in a text, without regard to case",
    takes: &[one("source", Accepts::Text), one("pattern", Accepts::Pattern(Mode::ANYWHERE.folded()))],
    gives: |_| Type::INTEGER,
    body: Body::Known(|call| matches(call, Mode::ANYWHERE.folded())),
};
