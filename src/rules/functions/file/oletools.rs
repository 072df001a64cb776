//! `file.oletools`: risks of an Office document.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.oletools",
    about: "risks of an Office document",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Oletools.one(),
    body: Body::Lacks("Office documents are not read yet"),
};
