//! `beta.ml_translate`: a text in English.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.ml_translate",
    about: "a text in English",
    takes: &[one("text", Accepts::Text)],
    gives: |_| Object::Text.one(),
    body: Body::Lacks("texts are not translated"),
};
