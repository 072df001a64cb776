//! `beta.scan_qr`: the QR codes in a picture.

use crate::rules::facts;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.scan_qr",
    about: "the QR codes in a picture",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Qr.one(),
    body: Body::Known(|call| call.on_file(0, |file| facts::codes(*call.view(), file))),
};
