//! `strings.levenshtein`: how many characters must be changed to make one text of another.

use crate::rules::functions::counted::apart;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "strings.levenshtein",
    about: "how many characters must be changed to make one text of another",
    takes: &[one("a", Accepts::Text), one("b", Accepts::Text)],
    gives: |_| Type::INTEGER,
    body: Body::Known(|call| apart(call, |text| text.to_owned())),
};
