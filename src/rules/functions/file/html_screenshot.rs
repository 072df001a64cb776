//! `file.html_screenshot`: a picture of a page.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.html_screenshot",
    about: "a picture of a page",
    takes: &[one("page", Accepts::PageOrFile)],
    gives: |_| Object::File.one(),
    body: Body::Lacks("pages are not drawn"),
};
