//! `regex.match`: whether a regular expression matches the whole text.

use crate::rules::functions::{Accepts, Body, Function, many, one};
use crate::rules::patterns::Mode;
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "regex.match",
    about: "whether a regular expression matches the whole text",
    takes: &[one("source", Accepts::Text), many("patterns", Accepts::Pattern(Mode::WHOLE))],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(|call| call.any_pattern(Mode::WHOLE)),
};
