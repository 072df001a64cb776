//! Texts taken apart: URLs, addresses, domains.

use crate::mail::{Address, Domain};
use crate::rules::evaluate::Value;
use crate::rules::facts;

/// The parts of a URL. A strict reading wants a scheme and a host.
pub(super) fn url<'m>(text: &str, strict: bool) -> Value<'m> {
    let text = text.trim();
    let named = text.contains("://");
    if strict && !named || text.is_empty() { Value::ABSENT } else { facts::url(text) }
}

/// The parts of a mail address.
pub(super) fn email<'m>(text: &str) -> Value<'m> {
    Value::maybe(Address::parse(text.trim()), |address| facts::email(Some(&address)))
}

/// The parts of a domain name.
pub(super) fn domain<'m>(text: &str) -> Value<'m> {
    Value::maybe(Domain::parse(text), |domain| facts::domain(&domain))
}
