//! `file.parse_eml`: the message that a file is; null where it is none.

use std::rc::Rc;

use crate::rules::evaluate::{Call, Value};
use crate::rules::facts;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.parse_eml",
    about: "the message that a file is; null where it is none",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Message.one(),
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    call.on_file(0, |file| {
        Value::maybe(file.message(), |message| Value::Object(Rc::new(facts::message(call.view().within(message)))))
    })
}
