//! `ml.nlu_classifier`: what a text asks of its reader.

use crate::rules::functions::{Accepts, Body, Function, keyword, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "ml.nlu_classifier",
    about: "what a text asks of its reader",
    takes: &[one("text", Accepts::Text), keyword("subject", Accepts::Text)],
    gives: |_| Object::Understanding.one(),
    body: Body::Lacks("there is no model of texts yet"),
};
