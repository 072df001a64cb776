//! `strings.icount`: how often a text holds another, without regard to case.

use crate::rules::evaluate::folded;
use crate::rules::functions::counted::times;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.icount",
    about: "how often a text holds another, without regard to case",
    takes: &[one("source", Accepts::Text), one("sought", Accepts::Text)],
    gives: |_| Type::INTEGER,
    body: Body::Known(|call| call.on_texts(|source, sought| times(&folded(source), &folded(sought)))),
};
