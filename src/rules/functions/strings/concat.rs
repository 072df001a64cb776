//! `strings.concat`: texts joined to one; null where one of them is.

use crate::rules::evaluate::{Call, Value};
use crate::rules::functions::{Accepts, Body, Function, many};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.concat",
    about: "texts joined to one; null where one of them is",
    takes: &[many("texts", Accepts::Text)],
    gives: |_| Type::TEXT,
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let mut whole = String::new();
    for place in 0..call.count() {
        let value = call.value(place);
        match value.as_text() {
            Some(text) => whole.push_str(text),
            None => return value.null(),
        }
    }
    Value::text(whole)
}
