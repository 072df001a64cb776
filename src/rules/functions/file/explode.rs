//! `file.explode`: the file, everything inside it, and what scanners find there.

use crate::rules::facts;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.explode",
    about: "the file, everything inside it, and what scanners find there",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Exploded.many(),
    body: Body::Known(|call| call.inside(0, |file| facts::exploded(*call.view(), file))),
};
