//! `strings.parse_email`: the parts of a mail address; null where it is none.

use crate::rules::functions::parsed;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.parse_email",
    about: "the parts of a mail address; null where it is none",
    takes: &[one("text", Accepts::Text)],
    gives: |_| Object::Email.one(),
    body: Body::Known(|call| call.on_text(0, parsed::email)),
};
