//! The message as the root of the data model.

use super::{View, address, attachment, body, headers, subject};
use crate::mail::{Address, Direction, Mailbox};
use crate::rules::evaluate::{Record, Value, object};
use crate::rules::schema::Object;

/// Why a part of a message is not to be known where only what was proved is.
pub(super) const UNPROVED: &str = "anyone can write this: it is not proved";

/// The message with all of its fields, none of which is computed yet.
pub fn message(view: View<'_>) -> Record<'_> {
    Record::new(Object::Message, move |name| match name {
        "sender" if view.proved_only && !view.is_author_proved() => Value::lacking(UNPROVED),
        "subject" | "body" | "attachments" | "recipients" if view.proved_only => Value::lacking(UNPROVED),
        "type" => object(Object::Direction, move |name| {
            Value::Boolean(match name {
                "inbound" => view.direction == Direction::Inbound,
                "outbound" => view.direction == Direction::Outbound,
                _ => view.direction == Direction::Internal,
            })
        }),
        "sender" => match view.message.from.first() {
            Some(from) => address::mailbox(from),
            None => address::mailbox(&Mailbox { address: view.author().cloned(), ..Mailbox::default() }),
        },
        "recipients" => recipients(view),
        "subject" => subject::subject(&view.message.subject),
        "body" => body::body(view),
        "headers" => headers::headers(view),
        "attachments" => Value::list(view.message.attachments.iter().map(attachment::attachment)),
        _ => match view.envelope.recipients.first() {
            Some(owner) => object(Object::Owner, move |_| address::email(Some(owner))),
            None => Value::ABSENT,
        },
    })
}

/// To whom a message goes. A field that names only a group, as `undisclosed-recipients:;`, is one mailbox without an
/// address.
fn recipients(view: View<'_>) -> Value<'_> {
    object(Object::Recipients, move |name| {
        let message = view.message;
        match name {
            "to" if message.to.is_empty() => match message.header("To").map(group) {
                Some(group) if !group.is_empty() => {
                    address::mailboxes(&[Mailbox { display_name: group.to_owned(), address: None }])
                }
                _ => Value::list([]),
            },
            "to" => address::mailboxes(&message.to),
            "cc" => address::mailboxes(&message.cc),
            _ => {
                let named = |address: &&Address| {
                    let shown = message.to.iter().chain(&message.cc).filter_map(|mailbox| mailbox.address.as_ref());
                    !shown.into_iter().any(|shown| shown.is_same_mailbox(address))
                };
                let hidden = view.envelope.recipients.iter().filter(named);
                Value::list(
                    hidden.map(|hidden| {
                        address::mailbox(&Mailbox { address: Some(hidden.clone()), ..Mailbox::default() })
                    }),
                )
            }
        }
    })
}

/// The name of a group of mailboxes (RFC 5322 §3.4).
fn group(field: &str) -> &str {
    field.split(':').next().unwrap_or_default().trim()
}
