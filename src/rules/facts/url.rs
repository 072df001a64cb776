//! URLs taken apart, as far as they can be: hostile ones keep to no standard.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::query::{self, percent_decoded};
use super::{address, rewriter};
use crate::mail::Domain;
use crate::rules::evaluate::{Value, object};
use crate::rules::schema::Object;

/// Longest URL that is taken apart; what is longer carries data, not a place.
const URL_BYTES_MAX: usize = 16_384;

/// The parts of a URL, as they stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parts<'a> {
    pub scheme: String,
    pub user: Option<&'a str>,
    pub password: Option<&'a str>,
    pub host: &'a str,
    pub port: Option<u16>,
    pub path: &'a str,
    pub query: Option<&'a str>,
    pub fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(url: &'a str) -> Self {
        let (rest, fragment) = url.split_once('#').map_or((url, None), |(rest, fragment)| (rest, Some(fragment)));
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let mut parts = Self { query, fragment, ..Self::default() };
        let rest = match rest.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme, rest) => {
                parts.scheme = scheme.to_ascii_lowercase();
                rest
            }
            _ => rest,
        };
        let web = matches!(parts.scheme.as_str(), "" | "http" | "https" | "ftp");
        let Some(rest) = (if web { Some(rest.trim_start_matches(['/', '\\'])) } else { rest.strip_prefix("//") })
        else {
            parts.path = rest;
            return parts;
        };
        let end = rest.find(['/', '\\']).unwrap_or(rest.len());
        parts.path = &rest[end..];
        let (user, host) = rest[..end].rsplit_once('@').map_or((None, &rest[..end]), |(user, host)| (Some(user), host));
        if let Some(user) = user {
            let (user, password) = user.split_once(':').map_or((user, None), |(user, password)| (user, Some(password)));
            parts.user = Some(user);
            parts.password = password;
        }
        let port_at = host.rfind(':').filter(|colon| !host[*colon..].contains(']'));
        parts.host = port_at.map_or(host, |colon| &host[..colon]);
        parts.port = port_at.and_then(|colon| host[colon + 1..].parse().ok());
        parts
    }
}

fn is_scheme(scheme: &str, rest: &str) -> bool {
    let sound = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    // `bank.example:443/x` is a host with a port.
    sound && !(scheme.contains('.') && rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// An address written as a host, and the notations in which it was written (the URL Standard, "IPv4 parser").
pub(super) fn literal(host: &str) -> Option<(IpAddr, &'static [&'static str])> {
    if let Some(inner) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return inner.parse::<Ipv6Addr>().ok().map(|ip| (IpAddr::V6(ip), &[] as &[&str]));
    }
    let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
    if labels.len() > 4 || labels.iter().any(|label| label.is_empty()) {
        return None;
    }
    let (mut octal, mut hexadecimal, mut numbers) = (false, false, Vec::new());
    for label in &labels {
        let hex = label.strip_prefix("0x").or(label.strip_prefix("0X"));
        let number = match hex {
            Some(digits) => u64::from_str_radix(digits, 16).ok()?,
            None if label.len() > 1 && label.starts_with('0') => u64::from_str_radix(label, 8).ok()?,
            None => label.parse().ok()?,
        };
        hexadecimal |= hex.is_some();
        octal |= hex.is_none() && label.len() > 1 && label.starts_with('0');
        numbers.push(number);
    }
    let last = numbers.pop()?;
    let room = 8 * (4 - numbers.len() as u32);
    if numbers.iter().any(|number| *number > 255) || last >= 1_u64 << room {
        return None;
    }
    let head = numbers.iter().enumerate().fold(0_u64, |sum, (place, number)| sum | number << (24 - 8 * place as u32));
    let encoders: &[&str] = match (octal, hexadecimal, labels.len() < 4) {
        (true, true, _) => &["octal", "hex"],
        (true, false, _) => &["octal"],
        (false, true, _) => &["hex"],
        (false, false, true) => &["decimal_integer"],
        (false, false, false) => &[],
    };
    Some((IpAddr::V4(Ipv4Addr::from_bits((head | last) as u32)), encoders))
}

/// A URL with what known rewriters put around it taken away.
pub fn url<'m>(text: &str) -> Value<'m> {
    let original = &text[..text.floor_char_boundary(URL_BYTES_MAX)];
    let (inner, encoders) = rewriter::unwrap(original);
    let original = original.to_owned();
    object(Object::Url, move |name| {
        let parts = Parts::of(&inner);
        let literal = || literal(&percent_decoded(parts.host));
        match name {
            "url" => Value::text(&inner),
            "scheme" => Value::text_or_absent(if parts.scheme.is_empty() { "http" } else { &parts.scheme }),
            "username" => Value::maybe(parts.user, Value::text),
            "password" => Value::maybe(parts.password, Value::text),
            "domain" if literal().is_some() => Value::ABSENT,
            "domain" => Value::maybe(Domain::parse(&percent_decoded(parts.host)), |host| address::domain(&host)),
            "ip" => Value::maybe(literal(), |(ip, encoders)| address::ip(ip, encoders)),
            "port" => Value::maybe(parts.port, |port| Value::Integer(port.into())),
            "path" => Value::text_or_absent(parts.path),
            "query_params" => Value::maybe(parts.query, Value::text_or_absent),
            "query_params_decoded" => query::decoded(parts.query.unwrap_or_default()),
            "fragment" => Value::maybe(parts.fragment, Value::text_or_absent),
            _ => {
                let (encoders, original) = (encoders.clone(), original.clone());
                object(Object::Rewrite, move |name| match name {
                    "encoders" => Value::texts(&encoders),
                    _ if encoders.is_empty() => Value::ABSENT,
                    _ => Value::text(&original),
                })
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let parts = Parts::of("HTTPS://u:p@a.example:8443/b/c?d=e&f#g");
        assert_eq!((parts.scheme.as_str(), parts.user, parts.password), ("https", Some("u"), Some("p")));
        assert_eq!((parts.host, parts.port, parts.path), ("a.example", Some(8443), "/b/c"));
        assert_eq!((parts.query, parts.fragment), (Some("d=e&f"), Some("g")));
        assert_eq!(Parts::of("a.example:443/x").host, "a.example");
        assert_eq!(Parts::of("mailto:a@b.example").path, "a@b.example");
        assert_eq!(Parts::of("http://[2001:db8::1]:80/").host, "[2001:db8::1]");
        assert_eq!(Parts::of(""), Parts::default());
    }

    #[test]
    fn addresses_are_seen_in_every_notation() {
        let check = |host: &str, expected: Option<(&str, &[&str])>| {
            let read = literal(host).map(|(ip, encoders)| (ip.to_string(), encoders.to_vec()));
            assert_eq!(read, expected.map(|(ip, encoders)| (ip.to_owned(), encoders.to_vec())), "{host}");
        };
        check("192.0.2.1", Some(("192.0.2.1", &[])));
        check("0300.0.2.1", Some(("192.0.2.1", &["octal"])));
        check("0xC0.0.2.1", Some(("192.0.2.1", &["hex"])));
        check("3221225985", Some(("192.0.2.1", &["decimal_integer"])));
        check("[2001:db8::1]", Some(("2001:db8::1", &[])));
        check("256.0.2.1", None);
        check("a.example", None);
        check("4294967296", None);
    }
}
