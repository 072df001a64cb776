//! `strings.like`: whether a glob stands for the whole text: * for any run of characters, ? for one.

use crate::rules::functions::{Accepts, Body, Function, many, one};
use crate::rules::patterns::Mode;
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.like",
    about: "whether a glob stands for the whole text: * for any run of characters, ? for one",
    takes: &[one("source", Accepts::Text), many("globs", Accepts::Pattern(Mode::GLOB))],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(|call| call.any_pattern(Mode::GLOB)),
};
