//! Links.

use super::url;
use crate::message::{Link, LinkPlace};
use crate::rules::evaluate::{Value, object};
use crate::rules::schema::Object;

/// A link.
pub(super) fn link<'m>(link: &Link) -> Value<'m> {
    let link = link.clone();
    object(Object::Link, move |name| match name {
        "href_url" => url(&link.target),
        "display_text" if link.label_host.is_none() => Value::text_or_absent(&link.label),
        "display_url" if link.label_host.is_some() => url(&link.label),
        "mismatched" if link.label_host.is_some() => Value::Boolean(link.label_differs()),
        "visible" => Value::Boolean(true),
        "parser" => Value::text(if link.place == LinkPlace::Text { "plain" } else { "hyperlink" }),
        _ => Value::ABSENT,
    })
}

/// Links that a reader may follow, each target and label once.
pub(super) fn links<'a, 'm>(links: impl IntoIterator<Item = &'a Link>) -> Value<'m> {
    let mut seen = std::collections::HashSet::new();
    let followed = links.into_iter().filter(|link| link.place != LinkPlace::Image);
    Value::list(followed.filter(|link| seen.insert((link.target.as_str(), link.label.as_str()))).map(link))
}
