//! `any`: whether the condition holds for an element of the list.

use super::{Accepts, Body, Function, one};
use crate::rules::evaluate::{Call, Value};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "any",
    about: "whether the condition holds for an element of the list",
    takes: &[one("list", Accepts::List), one("condition", Accepts::Condition)],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let elements = match call.list(0) {
        Ok(elements) => elements,
        Err(null) => return null,
    };
    let mut unknown = None;
    for element in elements {
        let holds = call.of(1, &element);
        match holds.truth() {
            Some(true) => return Value::Boolean(true),
            Some(false) => {}
            None => unknown = Value::more_telling(unknown, holds.null()),
        }
    }
    unknown.unwrap_or(Value::Boolean(false))
}
