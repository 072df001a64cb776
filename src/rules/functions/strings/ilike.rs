//! `strings.ilike`: whether a glob stands for the whole text, without regard to case.

use crate::rules::functions::{Accepts, Body, Function, many, one};
use crate::rules::patterns::Mode;
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.ilike",
    about: "whether a glob stands for the whole text, without regard to case",
    takes: &[one("source", Accepts::Text), many("globs", Accepts::Pattern(Mode::GLOB.folded()))],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(|call| call.any_pattern(Mode::GLOB.folded())),
};
