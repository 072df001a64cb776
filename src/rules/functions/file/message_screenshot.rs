//! `file.message_screenshot`: a picture of the message.

use crate::rules::functions::{Body, Function};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.message_screenshot",
    about: "a picture of the message",
    takes: &[],
    gives: |_| Object::File.one(),
    body: Body::Lacks("pages are not drawn"),
};
