//! `regex.imatch`: whether a regular expression matches the whole text, without regard to case.

use crate::rules::functions::{Accepts, Body, Function, many, one};
use crate::rules::patterns::Mode;
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "regex.imatch",
    about: "whether a regular expression matches the whole text, without regard to case",
    takes: &[one("source", Accepts::Text), many("patterns", Accepts::Pattern(Mode::WHOLE.folded()))],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(|call| call.any_pattern(Mode::WHOLE.folded())),
};
