//! `ml.link_analysis`: what stands behind a link.

use crate::rules::functions::{Accepts, Body, Function, keyword, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "ml.link_analysis",
    about: "what stands behind a link",
    takes: &[one("link", Accepts::Link), keyword("mode", Accepts::Text)],
    gives: |_| Object::LinkAnalysis.one(),
    body: Body::Lacks("links are not followed"),
};
