//! `strings.decode_base64`: the text that base64 encodes; null where it is none.

use crate::rules::evaluate::Value;
use crate::rules::functions::coded::decode;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.decode_base64",
    about: "the text that base64 encodes; null where it is none",
    takes: &[one("text", Accepts::Text)],
    gives: |_| Type::TEXT,
    body: Body::Known(|call| call.on_text(0, |text| Value::maybe(decode(text), Value::text))),
};
