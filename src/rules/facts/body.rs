//! What the reader reads: plain text, HTML, links, and the thread that the text shows.

use std::net::IpAddr;

use super::threads::{self, Older};
use super::{View, address, link, subject};
use crate::message::{Link, Message, inner_text, read_page};
use crate::rules::evaluate::{Value, object};
use crate::rules::schema::Object;

/// Addresses in the text that are given.
const IPS_MAX: usize = 100;

/// The body of a message.
pub(super) fn body<'m>(view: View<'m>) -> Value<'m> {
    let message = view.message;
    object(Object::Body, move |name| match name {
        "plain" => object(Object::PlainBody, move |_| Value::text_or_absent(&message.texts.plain)),
        "html" if !message.html.present => Value::ABSENT,
        "html" => object(Object::HtmlBody, move |name| match name {
            "raw" => Value::text_or_absent(&message.texts.html),
            "display_text" => Value::text_or_absent(&message.texts.visible),
            "inner_text" => Value::text_or_absent(inner_text(&message.texts.html)),
            _ => link::links(&message.links),
        }),
        "current_thread" => newest(message),
        "previous_threads" => {
            let (_, older) = threads::split(message.texts.shown());
            Value::list(older.into_iter().map(|older| previous(message, older)))
        }
        "links" => link::links(&message.links),
        _ => ips(message.texts.shown()),
    })
}

/// A page that is not the body.
pub fn page<'m>(source: &str) -> Value<'m> {
    let source = source.to_owned();
    object(Object::HtmlBody, move |name| match name {
        "raw" => Value::text_or_absent(&source),
        "display_text" => Value::text_or_absent(read_page(&source).visible),
        "inner_text" => Value::text_or_absent(inner_text(&source)),
        _ => link::links(&read_page(&source).links),
    })
}

/// The newest message of the thread. A link belongs to it unless only older text holds its label or target.
fn newest<'m>(message: &'m Message) -> Value<'m> {
    object(Object::Thread, move |name| {
        let (text, older) = threads::split(message.texts.shown());
        match name {
            "text" => Value::text_or_absent(text),
            "preamble" => Value::maybe(older.first(), |older| Value::text_or_absent(&older.preamble)),
            _ => {
                let old = |link: &Link| {
                    let shown = if link.label.is_empty() { &link.target } else { &link.label };
                    !text.contains(shown.as_str()) && older.iter().any(|older| older.text.contains(shown.as_str()))
                };
                link::links(message.links.iter().filter(|link| !old(link)))
            }
        }
    })
}

fn previous<'m>(message: &'m Message, older: Older) -> Value<'m> {
    object(Object::PreviousThread, move |name| match name {
        "text" => Value::text_or_absent(&older.text),
        "preamble" => Value::text_or_absent(&older.preamble),
        "links" => {
            let holds = |link: &&Link| !link.label.is_empty() && older.text.contains(link.label.as_str());
            link::links(message.links.iter().filter(holds))
        }
        "sender" => Value::maybe(older.sender.as_ref(), address::mailbox),
        "subject" => subject::subject(&older.subject),
        _ => {
            let to = older.to.clone();
            object(Object::Recipients, move |name| match name {
                "to" => address::mailboxes(&to),
                _ => Value::list([]),
            })
        }
    })
}

fn ips<'m>(text: &str) -> Value<'m> {
    let words = text.split(|c: char| !(c.is_ascii_hexdigit() || matches!(c, '.' | ':')));
    let words = words.map(|word| word.trim_matches(['.', ':'])).filter(|word| word.len() >= 7);
    let ips = words.filter_map(|word| word.parse::<IpAddr>().ok()).take(IPS_MAX);
    Value::list(ips.map(|ip| address::ip(ip, &[])))
}
