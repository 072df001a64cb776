//! `file.parse_text`: the text that a file is, by the first character set that fits.

use crate::rules::evaluate::{Call, Value, object};
use crate::rules::functions::{Accepts, Body, Function, keyword, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "file.parse_text",
    about: "the text that a file is, by the first character set that fits",
    takes: &[one("file", Accepts::File), keyword("encodings", Accepts::Texts)],
    gives: |_| Object::Text.one(),
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let charsets = call.named("encodings").and_then(|list| list.elements()).unwrap_or_default();
    let charsets: Vec<String> = charsets.iter().filter_map(Value::as_text).map(str::to_owned).collect();
    call.on_file(0, |file| {
        let text = file.text(&charsets).map(|text| Value::text_or_absent(&text)).unwrap_or(Value::ABSENT);
        object(Object::Text, move |_| text.clone())
    })
}
