//! `strings.count`: how often a text holds another.

use crate::rules::functions::counted::times;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.count",
    about: "how often a text holds another",
    takes: &[one("source", Accepts::Text), one("sought", Accepts::Text)],
    gives: |_| Type::INTEGER,
    body: Body::Known(|call| call.on_texts(times)),
};
