//! `beta.ocr`: the text in a picture.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.ocr",
    about: "the text in a picture",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Ocr.one(),
    body: Body::Lacks("pictures are not read"),
};
