//! `strings.iends_with`: whether a text ends with one of others, without regard to case.

use crate::rules::functions::{Accepts, Body, Function, many, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.iends_with",
    about: "whether a text ends with one of others, without regard to case",
    takes: &[one("source", Accepts::Text), many("sought", Accepts::Folded)],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(|call| call.any_folded(|source, sought| source.ends_with(sought))),
};
