//! The header.

use std::collections::HashSet;
use std::net::IpAddr;

use super::message::UNPROVED;
use super::{View, address, authentication, hops};
use crate::mail::{Address, Domain};
use crate::message::Message;
use crate::rules::evaluate::{Value, object};
use crate::rules::schema::Object;

/// The header of a message.
pub(super) fn headers<'m>(view: View<'m>) -> Value<'m> {
    let message = view.message;
    object(Object::Headers, move |name| match name {
        "auth_summary" => authentication::summary(view.auth),
        "ips" if view.proved_only => Value::list(view.envelope.client.map(|client| address::ip(client, &[]))),
        _ if view.proved_only => Value::lacking(UNPROVED),
        "message_id" => Value::maybe(message.message_id.as_ref(), Value::text),
        "in_reply_to" => Value::maybe(message.in_reply_to.first(), Value::text),
        "references" => Value::texts(&message.references),
        "reply_to" => address::mailboxes(&message.reply_to),
        "return_path" => {
            let path = message.return_path.as_ref().or(view.envelope.sender.as_ref());
            Value::maybe(path, |path| address::email(Some(path)))
        }
        "mailer" => {
            let program = message.header("X-Mailer").or_else(|| message.header("User-Agent"));
            Value::maybe(program, Value::text_or_absent)
        }
        "date" => Value::maybe(message.date, Value::Timestamp),
        "date_original_offset" => Value::maybe(message.header("Date").and_then(offset), Value::text),
        "domains" => domains(message),
        "ips" => ips(message),
        "hops" => hops::hops(message),
        "x_originating_ip" => {
            let field = message.header("X-Originating-IP").map(|ip| ip.trim_matches(['[', ']', ' ']));
            Value::maybe(field.and_then(|ip| ip.parse::<IpAddr>().ok()), |ip| address::ip(ip, &[]))
        }
        "x_authenticated_domain" => {
            Value::maybe(message.header("X-Authenticated-Domain").and_then(Domain::parse), |host| {
                address::domain(&host)
            })
        }
        "x_authenticated_sender" => named(message, "X-Authenticated-Sender"),
        _ => named(message, "X-Sender"),
    })
}

/// The address in a header field.
fn named<'m>(message: &Message, field: &str) -> Value<'m> {
    let address = message.header(field).and_then(Address::parse);
    Value::maybe(address, |address| address::email(Some(&address)))
}

/// The offset from UTC at the end of a date: `+0100`.
fn offset(date: &str) -> Option<&str> {
    let mut words = date.split_whitespace();
    words.rfind(|word| word.len() == 5 && word.starts_with(['+', '-']) && word[1..].bytes().all(|b| b.is_ascii_digit()))
}

fn domains<'m>(message: &Message) -> Value<'m> {
    let mut seen = HashSet::new();
    let hosts = message.hops.iter().rev().flat_map(|hop| [&hop.from_helo, &hop.from_name, &hop.by]);
    let hosts = hosts.flatten().filter_map(|host| Domain::parse(host));
    Value::list(hosts.filter(|host| seen.insert(host.clone())).map(|host| address::domain(&host)))
}

fn ips<'m>(message: &Message) -> Value<'m> {
    let mut seen = HashSet::new();
    let ips = message.hops.iter().rev().filter_map(|hop| hop.from_ip);
    Value::list(ips.filter(|ip| seen.insert(*ip)).map(|ip| address::ip(ip, &[])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_of_a_date_is_read() {
        assert_eq!(offset("Thu, 1 Jan 2026 00:00:00 +0100 (CET)"), Some("+0100"));
        assert_eq!(offset("1 Jan 2026 00:00:00 GMT"), None);
    }
}
