//! `all`: whether the condition holds for every element of the list; true of an empty list, and of none.

use super::{Accepts, Body, Function, one};
use crate::rules::evaluate::{Call, Value};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "all",
    about: "whether the condition holds for every element of the list; true of an empty list, and of none",
    takes: &[one("list", Accepts::List), one("condition", Accepts::Condition)],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let mut unknown = None;
    for element in call.list(0).unwrap_or_default() {
        let holds = call.of(1, &element);
        match holds.truth() {
            Some(false) => return Value::Boolean(false),
            Some(true) => {}
            None => unknown = Value::more_telling(unknown, holds.null()),
        }
    }
    unknown.unwrap_or(Value::Boolean(true))
}
