//! `html.xpath`: the nodes of a page that an XPath expression finds.

use crate::rules::evaluate::{Call, Value, object};
use crate::rules::facts;
use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;
use crate::rules::xpath::XPath;

/// The function.
pub const FUNCTION: Function = Function {
    name: "html.xpath",
    about: "the nodes of a page that an XPath expression finds",
    takes: &[one("page", Accepts::Page), one("xpath", Accepts::Text)],
    gives: |_| Object::Nodes.one(),
    body: Body::Known(run),
};

/// Nodes that are given: more than a reader would look at.
const NODES_MAX: usize = 2_000;

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    let tree = match call.tree(0) {
        Ok(tree) => tree,
        Err(null) => return null,
    };
    call.on_text(1, |xpath| {
        let Some(xpath) = XPath::read(xpath) else { return Value::lacking("this is no XPath expression that is known") };
        let Some(places) = xpath.find(&tree) else { return Value::lacking("the page takes too many steps to search") };
        let nodes = Value::list(places.into_iter().take(NODES_MAX).map(|place| facts::node(&tree, place)));
        object(Object::Nodes, move |_| nodes.clone())
    })
}
