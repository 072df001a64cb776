//! `ilike`: older name of strings.ilike.

use super::{Accepts, Body, Function, many, one};
use crate::rules::patterns::Mode;
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "ilike",
    about: "older name of strings.ilike",
    takes: &[one("source", Accepts::Text), many("globs", Accepts::Pattern(Mode::GLOB.folded()))],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(|call| call.any_pattern(Mode::GLOB.folded())),
};
