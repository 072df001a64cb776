//! `strings.parse_url`: the parts of a URL; null where it is none.

use crate::rules::functions::parsed;
use crate::rules::functions::{Accepts, Body, Function, keyword, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.parse_url",
    about: "the parts of a URL; null where it is none",
    takes: &[one("text", Accepts::Text), keyword("strict", Accepts::Boolean)],
    gives: |_| Object::Url.one(),
    body: Body::Known(|call| call.on_text(0, |text| parsed::url(text, call.named("strict").and_then(|strict| strict.truth()) != Some(false)))),
};
