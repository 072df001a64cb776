//! `file.oletools`: risks of an Office document.

use crate::rules::facts;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.oletools",
    about: "risks of an Office document",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Oletools.one(),
    body: Body::Known(|call| call.on_file(0, |file| facts::oletools(*call.view(), file))),
};
