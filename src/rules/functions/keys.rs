//! `keys`: the names of a map.

use super::{Accepts, Body, Function, one};
use crate::rules::evaluate::{Call, Value};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "keys",
    about: "the names of a map",
    takes: &[one("map", Accepts::Map)],
    gives: |_| Type::TEXT.list(),
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    match call.value(0) {
        Value::Map(values) => Value::texts(values.iter().map(|(name, _)| name)),
        Value::Json(json) => Value::maybe(json.as_object(), |object| Value::texts(object.keys())),
        other => other.null(),
    }
}
