//! `hash.sha256`: the SHA-256 digest of a text, in hexadecimal.

use sha2::{Digest, Sha256};

use crate::rules::evaluate::{Call, Value};
use crate::rules::functions::coded::hexadecimal;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "hash.sha256",
    about: "the SHA-256 digest of a text, in hexadecimal",
    takes: &[one("text", Accepts::Text)],
    gives: |_| Type::TEXT,
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    call.on_text(0, |text| Value::text(hexadecimal(&Sha256::digest(text))))
}
