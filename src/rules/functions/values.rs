//! `values`: the values of a map.

use std::rc::Rc;

use super::{Accepts, Body, Function, one};
use crate::rules::evaluate::{Call, Value};
use crate::rules::schema::{Base, Type};

/// The function.
pub const FUNCTION: Function = Function {
    name: "values",
    about: "the values of a map",
    takes: &[one("map", Accepts::Map)],
    gives: |types| match types[0].base {
        Base::TextLists => Type::TEXT.list().list(),
        Base::Texts => Type::TEXT.list(),
        _ => Type::JSON,
    },
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    match call.value(0) {
        Value::Map(values) => Value::list(values.iter().map(|(_, value)| value.clone())),
        Value::Json(json) => Value::maybe(json.as_object(), |object| {
            Value::list(object.values().map(|value| Value::Json(Rc::new(value.clone()))))
        }),
        other => other.null(),
    }
}
