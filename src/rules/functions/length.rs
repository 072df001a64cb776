//! `length`: how many characters a text has, or elements a list, or entries a map.

use super::{Accepts, Body, Function, one};
use crate::rules::evaluate::{Call, Value};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "length",
    about: "how many characters a text has, or elements a list, or entries a map",
    takes: &[one("of", Accepts::Countable)],
    gives: |_| Type::INTEGER,
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let value = call.value(0);
    let count = match &value {
        Value::List(values) => Some(values.len()),
        Value::Map(values) => Some(values.len()),
        Value::Text(text) => Some(text.chars().count()),
        Value::Json(json) => json.as_array().map(Vec::len).or(json.as_object().map(serde_json::Map::len)),
        _ => None,
    };
    let count = count.or_else(|| value.as_text().map(|text| text.chars().count()));
    count.map_or_else(|| value.null(), |count| Value::Integer(count as i64))
}
