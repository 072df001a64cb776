//! `coalesce`: the first value that is not null.

use super::{Accepts, Body, Function, many};
use crate::rules::evaluate::{Call, Value};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "coalesce",
    about: "the first value that is not null",
    takes: &[many("values", Accepts::Any)],
    gives: |types| types.iter().copied().reduce(|a, b| a.joined(b).unwrap_or(Type::JSON)).unwrap_or(Type::NULL),
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let mut unknown = Value::ABSENT;
    for place in 0..call.count() {
        let value = call.value(place);
        if !value.is_null() {
            return value;
        }
        if matches!(unknown, Value::Null(None)) {
            unknown = value.null();
        }
    }
    unknown
}
