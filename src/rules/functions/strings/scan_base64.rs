//! `strings.scan_base64`: the texts that stand in it as base64.

use crate::rules::evaluate::Value;
use crate::rules::functions::coded::scan;
use crate::rules::functions::{Accepts, Body, Function, keyword, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.scan_base64",
    about: "the texts that stand in it as base64",
    takes: &[one("text", Accepts::Text), keyword("format", Accepts::Text), keyword("ignore_padding", Accepts::Boolean),
        keyword("encodings", Accepts::Texts)],
    gives: |_| Type::TEXT.list(),
    body: Body::Known(|call| call.on_text(0, |text| Value::texts(scan(text)))),
};
