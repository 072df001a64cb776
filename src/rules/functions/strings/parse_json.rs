//! `strings.parse_json`: the JSON document that a text holds; null where it holds none.

use std::rc::Rc;

use crate::rules::evaluate::{Call, Value};
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.parse_json",
    about: "the JSON document that a text holds; null where it holds none",
    takes: &[one("text", Accepts::Text)],
    gives: |_| Type::JSON,
    body: Body::Known(run),
};

/// Longest document that is read: that of a message's script or parameter is shorter by far.
const JSON_BYTES_MAX: usize = 1 << 20;

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    call.on_text(0, |text| {
        let read = if text.len() > JSON_BYTES_MAX { None } else { serde_json::from_str(text).ok() };
        Value::maybe(read, |json: serde_json::Value| Value::Json(Rc::new(json)))
    })
}
