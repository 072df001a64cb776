//! Nodes of a page.

use super::link;
use crate::message::{NodeKind, Tree, inner_text, read_page};
use crate::rules::evaluate::{Value, object};
use crate::rules::schema::Object;
use crate::rules::xpath::Place;

/// A node that an XPath expression found. An attribute, a text or a comment is its value.
pub fn node<'m>(tree: &Tree, place: Place) -> Value<'m> {
    let kind = tree.nodes().get(place.node).map(|node| &node.kind);
    if place.attribute > 0 || matches!(kind, Some(NodeKind::Text(_) | NodeKind::Comment(_))) {
        let value = place.text(tree).into_owned();
        return object(Object::HtmlNode, move |name| match name {
            "links" => Value::list([]),
            _ => Value::text(&value),
        });
    }
    let raw = tree.raw(place.node).to_owned();
    // No reader sees a title in the page, and rules ask for it all the same.
    let is_title = kind.is_some_and(|kind| matches!(kind, NodeKind::Element { name, .. } if name == "title"));
    object(Object::HtmlNode, move |name| match name {
        "raw" => Value::text_or_absent(&raw),
        "display_text" if !is_title => Value::text_or_absent(read_page(&raw).visible),
        "links" => link::links(&read_page(&raw).links),
        _ => Value::text_or_absent(inner_text(&raw)),
    })
}
