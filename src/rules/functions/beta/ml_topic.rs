//! `beta.ml_topic`: of what a text speaks.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.ml_topic",
    about: "of what a text speaks",
    takes: &[one("text", Accepts::Text)],
    gives: |_| Object::Topics.one(),
    body: Body::Lacks("there is no model of texts yet"),
};
