//! `file.parse_html`: the page that a file is.

use crate::rules::evaluate::Value;
use crate::rules::facts;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.parse_html",
    about: "the page that a file is",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::HtmlBody.one(),
    body: Body::Known(|call| call.on_file(0, |file| Value::maybe(file.text(&[]), |text| facts::page(&text)))),
};
