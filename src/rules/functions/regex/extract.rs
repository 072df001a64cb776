//! `regex.extract`: all that a regular expression finds in a text.

use crate::rules::functions::counted::found;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::patterns::Mode;
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "regex.extract",
    about: "all that a regular expression finds in a text",
    takes: &[one("source", Accepts::Text), one("pattern", Accepts::Pattern(Mode::ANYWHERE))],
    gives: |_| Object::Match.many(),
    body: Body::Known(|call| found(call, Mode::ANYWHERE)),
};
