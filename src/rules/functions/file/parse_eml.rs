//! `file.parse_eml`: the message that a file is.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.parse_eml",
    about: "the message that a file is",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Message.one(),
    body: Body::Lacks("the content of attachments is not kept yet"),
};
