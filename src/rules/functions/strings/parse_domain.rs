//! `strings.parse_domain`: the parts of a domain name; null where it is none.

use crate::rules::functions::parsed;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.parse_domain",
    about: "the parts of a domain name; null where it is none",
    takes: &[one("text", Accepts::Text)],
    gives: |_| Object::Domain.one(),
    body: Body::Known(|call| call.on_text(0, parsed::domain)),
};
