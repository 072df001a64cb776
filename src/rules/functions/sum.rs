//! `sum`: the sum of numbers, or of what the expression gives for each element; nulls are passed over.

use super::{Accepts, Arity, Body, Function, one, parameter};
use crate::rules::evaluate::{Call, Value};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "sum",
    about: "the sum of numbers, or of what the expression gives for each element; nulls are passed over",
    takes: &[one("list", Accepts::List), parameter("expression", Accepts::Expression, Arity::Optional)],
    gives: |types| match types.get(1).copied().or(types[0].element()) {
        Some(Type::INTEGER) => Type::INTEGER,
        _ => Type::FLOAT,
    },
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let (mut whole, mut sum, mut exact) = (0_i64, 0.0, true);
    for element in call.list(0).unwrap_or_default() {
        let number = if call.count() > 1 { call.of(1, &element) } else { element };
        match number {
            Value::Integer(number) => whole = whole.saturating_add(number),
            other => {
                exact &= other.is_null();
                sum += other.as_number().unwrap_or(0.0);
            }
        }
    }
    if exact { Value::Integer(whole) } else { Value::Float(sum + whole as f64) }
}
