//! `ml.logo_detect`: the logos in a picture.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "ml.logo_detect",
    about: "the logos in a picture",
    takes: &[one("file", Accepts::File)],
    gives: |_| Object::Logos.one(),
    body: Body::Lacks("there is no model of logos"),
};
