//! `strings.parse_html`: the page that a text is the source of.

use crate::rules::facts;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.parse_html",
    about: "the page that a text is the source of",
    takes: &[one("text", Accepts::Text)],
    gives: |_| Object::HtmlBody.one(),
    body: Body::Known(|call| call.on_text(0, facts::page)),
};
