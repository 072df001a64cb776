//! `ratio`: the share of elements for which the condition holds, from 0 to 1; null where there are none.

use super::{Accepts, Body, Function, one};
use crate::rules::evaluate::{Call, Value};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "ratio",
    about: "the share of elements for which the condition holds, from 0 to 1; null where there are none",
    takes: &[one("list", Accepts::List), one("condition", Accepts::Condition)],
    gives: |_| Type::FLOAT,
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let elements = match call.list(0) {
        Ok(elements) if !elements.is_empty() => elements,
        Ok(_) => return Value::ABSENT,
        Err(null) => return null,
    };
    let holds = elements.iter().filter(|element| call.of(1, element).truth() == Some(true)).count();
    Value::Float(holds as f64 / elements.len() as f64)
}
