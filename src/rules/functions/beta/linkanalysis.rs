//! `beta.linkanalysis`: older name of ml.link_analysis.

use crate::rules::functions::{Accepts, Body, Function, keyword, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.linkanalysis",
    about: "older name of ml.link_analysis",
    takes: &[one("link", Accepts::Link), keyword("mode", Accepts::Text)],
    gives: |_| Object::LinkAnalysis.one(),
    body: Body::Lacks("links are not followed"),
};
