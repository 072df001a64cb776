//! `strings.contains`: whether a text holds one of others.

use crate::rules::functions::{Accepts, Body, Function, many, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.contains",
    about: "whether a text holds one of others",
    takes: &[one("source", Accepts::Text), many("sought", Accepts::Text)],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(|call| call.any_text(|source, sought| source.contains(sought))),
};
