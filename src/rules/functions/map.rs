//! `map`: what the expression gives for each element; null where there is no list.

use super::{Accepts, Body, Function, one};
use crate::rules::evaluate::{Call, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "map",
    about: "what the expression gives for each element; null where there is no list",
    takes: &[one("list", Accepts::List), one("expression", Accepts::Expression)],
    gives: |types| types[1].list(),
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    match call.list(0) {
        Ok(elements) => Value::list(elements.iter().map(|element| call.of(1, element))),
        Err(null) => null,
    }
}
