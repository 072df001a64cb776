//! `file.expand_archives`: the files in an archive.

use crate::rules::facts;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.expand_archives",
    about: "the files in an archive",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Archive.one(),
    body: Body::Known(|call| call.on_file(0, |file| facts::expanded(*call.view(), file))),
};
