//! `beta.file.parse_ics`: the calendar that a file is.

use crate::rules::facts;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.file.parse_ics",
    about: "the calendar that a file is",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Calendar.one(),
    body: Body::Known(|call| call.on_file(0, facts::calendar)),
};
