//! `regex.icontains`: whether a regular expression matches somewhere in a text, without regard to case.

use crate::rules::functions::{Accepts, Body, Function, many, one};
use crate::rules::patterns::Mode;
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "regex.icontains",
    about: "whether a regular expression matches somewhere in a text, without regard to case",
    takes: &[one("source", Accepts::Text), many("patterns", Accepts::Pattern(Mode::ANYWHERE.folded()))],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(|call| call.any_pattern(Mode::ANYWHERE.folded())),
};
