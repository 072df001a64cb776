//! `file.parse_text`: the text that a file is.

use crate::rules::functions::{Accepts, Body, Function, keyword, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.parse_text",
    about: "the text that a file is",
    takes: &[one("file", Accepts::File), keyword("encodings", Accepts::Texts)],
    gives: |_| Object::Text.one(),
    body: Body::Lacks("the content of attachments is not kept yet"),
};
