//! `strings.replace_confusables`: the text with look-alikes of Latin letters replaced by them; ASCII stays as it is.

use crate::mail::resemblance;
use crate::rules::evaluate::Value;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.replace_confusables",
    about: "the text with look-alikes of Latin letters replaced by them; ASCII stays as it is",
    takes: &[one("text", Accepts::Text)],
    gives: |_| Type::TEXT,
    body: Body::Known(|call| call.on_text(0, |text| Value::text(resemblance::latin(text)))),
};
