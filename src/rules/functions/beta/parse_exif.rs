//! `beta.parse_exif`: the metadata of a file.

use crate::rules::facts;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.parse_exif",
    about: "the metadata of a file",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Exif.one(),
    body: Body::Known(|call| call.on_file(0, |file| facts::exif(*call.view(), file))),
};
