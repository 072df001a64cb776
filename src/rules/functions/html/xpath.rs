//! `html.xpath`: the nodes of a page that an XPath expression finds.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "html.xpath",
    about: "the nodes of a page that an XPath expression finds",
    takes: &[one("page", Accepts::Page), one("xpath", Accepts::Text)],
    gives: |_| Object::Nodes.one(),
    body: Body::Lacks("pages are not kept as trees yet"),
};
