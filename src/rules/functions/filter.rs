//! `filter`: the elements for which the condition holds; none where there is no list.

use super::{Accepts, Body, Function, one};
use crate::rules::evaluate::{Call, Value};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "filter",
    about: "the elements for which the condition holds; none where there is no list",
    takes: &[one("list", Accepts::List), one("condition", Accepts::Condition)],
    gives: |types| types[0].element().map_or(types[0], Type::list),
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let elements = call.list(0).unwrap_or_default();
    Value::list(elements.into_iter().filter(|element| call.of(1, element).truth() == Some(true)))
}
