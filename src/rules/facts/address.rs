//! Addresses and domains.

use std::net::IpAddr;

use crate::mail::{Address, Domain, Mailbox};
use crate::rules::evaluate::{Value, object};
use crate::rules::schema::Object;

/// A domain name.
pub fn domain<'m>(domain: &Domain) -> Value<'m> {
    let domain = domain.clone();
    object(Object::Domain, move |name| {
        let root = domain.has_known_suffix().then(|| domain.registrable());
        let root = root.as_ref().map(Domain::as_str);
        match name {
            "domain" => Value::text(domain.as_str()),
            "root_domain" => Value::maybe(root, Value::text),
            "sld" => Value::maybe(root.and_then(|root| root.split('.').next()), Value::text),
            "tld" => Value::text(root.and_then(|root| root.split_once('.')).map_or(domain.top_level(), |(_, tld)| tld)),
            "subdomain" => {
                let before = root.and_then(|root| domain.as_str().strip_suffix(root)?.strip_suffix('.'));
                Value::maybe(before, Value::text)
            }
            "valid" => Value::Boolean(root.is_some()),
            "punycode" => {
                if domain.is_international() {
                    Value::text(domain.unicode())
                } else {
                    Value::ABSENT
                }
            }
            _ => Value::ABSENT,
        }
    })
}

/// What stands where a domain should, and is none.
fn no_domain<'m>() -> Value<'m> {
    object(Object::Domain, |name| match name {
        "valid" => Value::Boolean(false),
        "error" => Value::text("no domain name"),
        _ => Value::ABSENT,
    })
}

/// A mail address; without one there is only a domain that is not valid.
pub fn email<'m>(address: Option<&Address>) -> Value<'m> {
    let address = address.cloned();
    object(Object::Email, move |name| match (name, &address) {
        ("domain", None) => no_domain(),
        ("domain", Some(address)) => domain(address.domain()),
        ("email", Some(address)) => Value::text(address.key()),
        ("local_part", Some(address)) => Value::text(address.local().to_lowercase()),
        _ => Value::ABSENT,
    })
}

/// A mailbox of a header field.
pub(super) fn mailbox<'m>(mailbox: &Mailbox) -> Value<'m> {
    let mailbox = mailbox.clone();
    object(Object::Mailbox, move |name| match name {
        "display_name" => Value::text_or_absent(&mailbox.display_name),
        _ => email(mailbox.address.as_ref()),
    })
}

/// Mailboxes of a header field.
pub(super) fn mailboxes<'m>(mailboxes: &[Mailbox]) -> Value<'m> {
    Value::list(mailboxes.iter().map(mailbox))
}

/// An internet address, with the notations in which it was written.
pub(super) fn ip<'m>(address: IpAddr, encoders: &'static [&'static str]) -> Value<'m> {
    let canonical = address.to_canonical();
    object(Object::Ip, move |name| match name {
        "ip" => Value::text(canonical.to_string()),
        _ => object(Object::IpTranslation, move |name| match name {
            "encoders" => Value::texts(encoders),
            _ => Value::Boolean(address != canonical),
        }),
    })
}
