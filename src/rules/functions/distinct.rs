//! `distinct`: the first element of each kind, by itself or by what the expression gives for it; null is one kind.

use std::collections::HashSet;

use super::{Accepts, Arity, Body, Function, one, parameter};
use crate::rules::evaluate::{Call, Value};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "distinct",
    about: "the first element of each kind, by itself or by what the expression gives for it; null is one kind",
    takes: &[one("list", Accepts::List), parameter("expression", Accepts::Expression, Arity::Optional)],
    gives: |types| types[0].element().map_or(types[0], Type::list),
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let (mut texts, mut others, mut kept) = (HashSet::new(), Vec::<Value<'m>>::new(), Vec::new());
    for element in call.list(0).unwrap_or_default() {
        let key = if call.count() > 1 { call.of(1, &element) } else { element.clone() };
        let new = match key.as_text() {
            Some(text) => texts.insert(text.to_owned()),
            None => {
                let new = !others.iter().any(|known| call.is_same(known, &key));
                if new {
                    others.push(key);
                }
                new
            }
        };
        if new {
            kept.push(element);
        }
    }
    Value::list(kept)
}
