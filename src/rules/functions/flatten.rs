//! `flatten`: the elements of lists in one list.

use super::{Accepts, Body, Function, one};
use crate::rules::evaluate::{Call, Value};

/// The function.
pub const FUNCTION: Function = Function {
    name: "flatten",
    about: "the elements of lists in one list",
    takes: &[one("lists", Accepts::Lists)],
    gives: |types| types[0].element().unwrap_or(types[0]),
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let lists = call.list(0).unwrap_or_default();
    Value::list(lists.iter().filter_map(Value::elements).flatten())
}
