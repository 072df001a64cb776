//! `beta.message_screenshot`: older name of file.message_screenshot.

use crate::rules::functions::{Body, Function};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.message_screenshot",
    about: "older name of file.message_screenshot",
    takes: &[],
    gives: |_| Object::File.one(),
    body: Body::Lacks("pages are not drawn"),
};
