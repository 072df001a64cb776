//! `strings.icontains`: whether a text holds one of others, without regard to case.

use crate::rules::functions::{Accepts, Body, Function, many, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.icontains",
    about: "whether a text holds one of others, without regard to case",
    takes: &[one("source", Accepts::Text), many("sought", Accepts::Folded)],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(|call| call.any_folded(|source, sought| source.contains(sought))),
};
