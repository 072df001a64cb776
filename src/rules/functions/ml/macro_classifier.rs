//! `ml.macro_classifier`: a verdict on the macros of a document.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "ml.macro_classifier",
    about: "a verdict on the macros of a document",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::MacroVerdict.one(),
    body: Body::Lacks("there is no model of macros"),
};
