//! `beta.ml_extract_sensitive_information`: personal and secret details in a text.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.ml_extract_sensitive_information",
    about: "personal and secret details in a text",
    takes: &[one("text", Accepts::Text)],
    gives: |_| Object::Sensitive.one(),
    body: Body::Lacks("details are not sought yet"),
};
