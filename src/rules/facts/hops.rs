//! The way of a message: its header split at the Received fields.

use crate::auth::{Trust, read_trusted};
use crate::message::{Header, Hop, Message};
use crate::rules::evaluate::{Value, object};
use crate::rules::schema::Object;

use super::authentication;

/// Hops that are looked at; honest mail passes fewer than 20.
const HOPS_MAX: usize = 100;

/// The fields that stand from one Received field up to the next.
#[derive(Default)]
struct Step<'m> {
    fields: Vec<&'m Header>,
    received: Option<&'m Hop>,
}

fn is_received(field: &Header) -> bool {
    field.name.eq_ignore_ascii_case("Received") || field.name.eq_ignore_ascii_case("X-Received")
}

/// The steps from the author's side to ours: the first holds what the author wrote and the first Received field.
fn steps(message: &Message) -> Vec<Step<'_>> {
    let mut steps = vec![Step::default()];
    let mut hops = message.hops.iter().rev();
    let mut any = false;
    for field in message.headers.iter().rev() {
        if is_received(field) {
            if std::mem::replace(&mut any, true) {
                if steps.len() == HOPS_MAX {
                    break;
                }
                steps.push(Step::default());
            }
            if field.name.len() == "Received".len()
                && let Some(step) = steps.last_mut()
            {
                step.received = hops.next();
            }
        }
        if let Some(step) = steps.last_mut() {
            step.fields.push(field);
        }
    }
    steps
}

/// All hops.
pub(super) fn hops<'m>(message: &'m Message) -> Value<'m> {
    Value::list(steps(message).into_iter().enumerate().map(|(index, step)| hop(index, step)))
}

fn hop<'m>(index: usize, step: Step<'m>) -> Value<'m> {
    object(Object::Hop, move |name| match name {
        "index" => Value::Integer(index as i64),
        "fields" => Value::list(step.fields.iter().map(|field| header(field))),
        "received" => Value::maybe(step.received, received),
        "authentication_results" => {
            let names = ["Authentication-Results", "X-Original-Authentication-Results", "ARC-Authentication-Results"];
            let stands = |name: &&str| step.fields.iter().any(|field| field.name.eq_ignore_ascii_case(name));
            let Some(name) = names.iter().find(|name| stands(name)) else { return Value::ABSENT };
            // The names differ, what they hold does not; an ARC one begins with its instance.
            let fields = step.fields.iter().filter(|field| field.name.eq_ignore_ascii_case(name));
            let values: Vec<&str> = fields.map(|field| without_instance(&field.value)).collect();
            let read = read_trusted(values.iter().map(|value| ("Authentication-Results", *value)), &Trust::Newest);
            authentication::claims(read.unwrap_or_default(), &values.join("; "))
        }
        "received_spf" => Value::maybe(field_of(&step, "Received-SPF"), |field| spf_claim(&field.value)),
        _ => Value::maybe(field_of(&step, "DKIM-Signature"), |field| signature(&field.value)),
    })
}

fn without_instance(value: &str) -> &str {
    value.split_once(';').filter(|(first, _)| first.trim_start().starts_with("i=")).map_or(value, |(_, rest)| rest)
}

fn field_of<'m>(step: &Step<'m>, name: &str) -> Option<&'m Header> {
    step.fields.iter().copied().find(|field| field.name.eq_ignore_ascii_case(name))
}

fn header<'m>(field: &'m Header) -> Value<'m> {
    object(Object::HopField, move |name| match name {
        "name" => Value::text(&field.name),
        _ => Value::text(&field.value),
    })
}

fn received<'m>(hop: &'m Hop) -> Value<'m> {
    let clause =
        |host: Option<&'m String>| Value::maybe(host, |host| object(Object::Clause, move |_| Value::text(host)));
    object(Object::Received, move |name| match name {
        "server" => clause(hop.by.as_ref()),
        _ => clause(hop.from_helo.as_ref().or(hop.from_name.as_ref())),
    })
}

/// A tag of a list like `v=1; d=a.example`.
fn tag<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    let tags = list.split(';').filter_map(|tag| tag.split_once('='));
    tags.map(|(known, value)| (known.trim(), value.trim())).find(|(known, _)| *known == name).map(|(_, value)| value)
}

fn signature<'m>(value: &'m str) -> Value<'m> {
    object(Object::Signature, move |name| match name {
        "domain" => Value::maybe(tag(value, "d"), |domain| Value::text(domain.to_lowercase())),
        "selector" => Value::maybe(tag(value, "s"), Value::text),
        "headers" => Value::maybe(tag(value, "h"), Value::text),
        _ => Value::ABSENT,
    })
}

/// What a Received-SPF field says (RFC 7208 §9.1).
fn spf_claim<'m>(value: &'m str) -> Value<'m> {
    object(Object::SpfDetails, move |name| match name {
        "verdict" => Value::maybe(value.split_whitespace().next(), |word| Value::text(word.to_lowercase())),
        "designator" => {
            let named = value.split_once("domain of ").and_then(|(_, rest)| rest.split_whitespace().next());
            let envelope = || tag(value, "envelope-from").map(|from| from.trim_matches(['"', '<', '>']));
            Value::maybe(named.or_else(envelope), |domain| Value::text(domain.to_lowercase()))
        }
        _ => Value::ABSENT,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Settings, parse};

    const TWO: &str = "Authentication-Results: mx.harbour.example; spf=pass smtp.mailfrom=a@partner.example\n\
        Received: from out.partner.example by mx.harbour.example; 1 Jan 2026 00:00:02 +0000\n\
        DKIM-Signature: v=1; d=Partner.example; s=k; h=from:to\n\
        Received: from desk by out.partner.example; 1 Jan 2026 00:00:01 +0000\nFrom: a@partner.example\n\nHi\n";

    #[test]
    fn the_first_hop_is_the_authors() {
        let message = parse(TWO.as_bytes(), &Settings::default());
        let steps = steps(&message);
        let names = |step: &Step<'_>| step.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!(steps.len(), 2);
        assert_eq!(names(&steps[0]), "From Received DKIM-Signature");
        assert_eq!(names(&steps[1]), "Received Authentication-Results");
        let by = |step: &Step<'_>| step.received.and_then(|hop| hop.by.clone());
        assert_eq!(by(&steps[0]).as_deref(), Some("out.partner.example"));
        assert_eq!(by(&steps[1]).as_deref(), Some("mx.harbour.example"));
    }

    #[test]
    fn what_fields_claim_is_read() {
        assert_eq!(tag("v=1; d=a.example;s=k", "d"), Some("a.example"));
        assert_eq!(without_instance("i=1; mx.example; spf=pass"), " mx.example; spf=pass");
        let Value::Object(claim) = spf_claim("Pass (mx: domain of a@B.example designates 192.0.2.1)") else {
            panic!("a claim is an object")
        };
        assert_eq!(claim.field("designator").as_text(), Some("a@b.example"));
        assert_eq!(claim.field("verdict").as_text(), Some("pass"));
    }

    #[test]
    fn a_message_without_received_fields_has_one_hop() {
        let message = parse(b"From: a@partner.example\n\nHi\n", &Settings::default());
        assert_eq!(steps(&message).len(), 1);
        assert!(steps(&message)[0].received.is_none());
    }
}
