//! `strings.starts_with`: whether a text begins with one of others.

use crate::rules::functions::{Accepts, Body, Function, many, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.starts_with",
    about: "whether a text begins with one of others",
    takes: &[one("source", Accepts::Text), many("sought", Accepts::Text)],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(|call| call.any_text(|source, sought| source.starts_with(sought))),
};
