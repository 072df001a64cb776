//! Where a link leads, read as browsers do (WHATWG URL Standard), and which host its label names.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

use crate::mail::Domain;

use super::encoding::hex;
use super::{Link, LinkPlace};

/// Bytes of a target that are kept: inline images would otherwise be copied whole.
const TARGET_BYTES_MAX: usize = 4_096;
/// Bytes of a label that are kept; a label is read, not searched for more links.
const LABEL_BYTES_MAX: usize = 1_024;
/// Top-level domains that are also endings of file names: `notes.md` alone is no host.
const FILE_ENDINGS: [&str; 14] =
    ["zip", "mov", "md", "rs", "py", "sh", "pl", "ps", "so", "cc", "ai", "app", "doc", "java"];

/// Where a target leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Target {
    /// Scheme in lower case; empty for a relative target.
    pub scheme: String,
    /// Host name.
    pub host: Option<Domain>,
    /// Address, where the host is one.
    pub ip: Option<IpAddr>,
}

impl Target {
    /// Reads a target. A relative one leads to the host of `base`, if there is one.
    pub(super) fn read(text: &str, base: Option<&Self>) -> Self {
        let text = clean(text);
        let (scheme, rest) = split_scheme(&text);
        let (host, ip) = match scheme.as_str() {
            // Any number of slashes of either kind may follow, none too.
            "http" | "https" | "ftp" | "ws" | "wss" => authority(rest.trim_start_matches(['/', '\\'])),
            "" => return Self::relative(rest, base),
            _ => match rest.strip_prefix("//").or_else(|| rest.strip_prefix("\\\\")) {
                Some(rest) => authority(rest),
                None => (None, None),
            },
        };
        Self { scheme, host, ip }
    }

    fn relative(text: &str, base: Option<&Self>) -> Self {
        if let Some(rest) = text.strip_prefix(['/', '\\']).and_then(|t| t.strip_prefix(['/', '\\'])) {
            let (host, ip) = authority(rest);
            return Self { scheme: String::new(), host, ip };
        }
        if let Some(base) = base {
            return Self { scheme: String::new(), host: base.host.clone(), ip: base.ip };
        }
        // `www.bank.example/login` without a scheme: mail programs take it for a host.
        let host = text.split(['/', '?', '#']).next().and_then(named_host);
        Self { scheme: String::new(), host, ip: None }
    }
}

/// A link from its target and its label, both as they are to be read (entities decoded).
pub(super) fn link(target: &str, label: &str, place: LinkPlace, base: Option<&Target>) -> Link {
    let target = target.trim_matches(|c: char| c <= ' ');
    let Target { scheme, host, ip } = Target::read(target, base);
    let target = target[..target.floor_char_boundary(TARGET_BYTES_MAX)].to_owned();
    let label = label.trim();
    let label = label[..label.floor_char_boundary(LABEL_BYTES_MAX)].to_owned();
    let label_host = label_host(&label);
    Link { target, scheme, host, ip, label, label_host, place }
}

/// The text without the characters that the URL Standard removes: outer control characters, tabs and line ends.
fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim_matches(|c: char| c <= ' ');
    if text.contains(['\t', '\r', '\n']) {
        Cow::Owned(text.replace(['\t', '\r', '\n'], ""))
    } else {
        Cow::Borrowed(text)
    }
}

/// Scheme in lower case, and what follows its colon; an empty scheme and all where there is none.
fn split_scheme(text: &str) -> (String, &str) {
    if let Some((scheme, rest)) = text.split_once(':') {
        let sound = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
        // `bank.example:443/x` is a host with a port, not a scheme.
        let port = scheme.contains('.') && rest.starts_with(|c: char| c.is_ascii_digit());
        if sound && !port {
            return (scheme.to_ascii_lowercase(), rest);
        }
    }
    (String::new(), text)
}

/// The host of an authority: after user information, before port, path, query and fragment.
fn authority(text: &str) -> (Option<Domain>, Option<IpAddr>) {
    let end = text.find(['/', '\\', '?', '#']).unwrap_or(text.len());
    let authority = &text[..end];
    // Everything up to the last `@` is user information, however much it looks like a host.
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(literal) = host.strip_prefix('[') {
        let ip = literal.split(']').next().and_then(|ip| ip.parse().ok());
        return (None, ip.map(IpAddr::V6));
    }
    let host = percent_decode(host.split(':').next().unwrap_or_default());
    match Domain::parse(&host) {
        Some(domain) if ends_in_number(domain.as_str()) => (None, ipv4(domain.as_str()).map(IpAddr::V4)),
        domain => (domain, None),
    }
}

fn percent_decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = bytes.get(at + 1).zip(bytes.get(at + 2)).and_then(|(h, l)| Some(hex(*h)? << 4 | hex(*l)?));
        match code {
            Some(code) if byte == b'%' => {
                out.push(code);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// Whether the last label is a number: then the host is an IPv4 address or nothing.
fn ends_in_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    last.bytes().all(|b| b.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// An IPv4 address of one to four numbers, each decimal, octal (`0…`) or hexadecimal (`0x…`); the last one fills the
/// bytes that are left.
fn ipv4(host: &str) -> Option<Ipv4Addr> {
    let numbers = host.split('.').map(number).collect::<Option<Vec<u32>>>()?;
    let (last, heads) = numbers.split_last()?;
    if heads.len() > 3 || heads.iter().any(|n| *n > 255) {
        return None;
    }
    let room = 8 * (4 - heads.len());
    if u64::from(*last) >= 1_u64 << room {
        return None;
    }
    let head = heads.iter().zip([24, 16, 8]).fold(0, |sum, (number, shift)| sum | number << shift);
    Some(Ipv4Addr::from_bits(head | last))
}

fn number(text: &str) -> Option<u32> {
    if let Some(digits) = text.strip_prefix("0x") {
        return if digits.is_empty() { Some(0) } else { u32::from_str_radix(digits, 16).ok() };
    }
    let radix = if text.len() > 1 && text.starts_with('0') { 8 } else { 10 };
    u32::from_str_radix(text, radix).ok()
}

/// The host that a label names. A label of one word may be a bare host; within more words only what starts like a web
/// address counts.
pub(super) fn label_host(label: &str) -> Option<Domain> {
    let mut words = label.split_whitespace();
    let first = words.next()?;
    if words.next().is_none() {
        let word = first.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
        if let Some(host) = web_host(word) {
            return Some(host);
        }
        let (host, path) = word.split_once(['/', '?', '#']).map_or((word, None), |(host, path)| (host, Some(path)));
        let host = named_host(host)?;
        return (path.is_some() || !is_file_ending(host.top_level())).then_some(host);
    }
    label.split_whitespace().find_map(|word| web_host(word.trim_matches(|c: char| !c.is_alphanumeric())))
}

/// The host of a word that starts with `http://`, `https://` or `www.`.
fn web_host(word: &str) -> Option<Domain> {
    let starts = |prefix: &str| word.get(..prefix.len()).is_some_and(|p| p.eq_ignore_ascii_case(prefix));
    if starts("http://") || starts("https://") {
        return Target::read(word, None).host.filter(Domain::has_known_suffix);
    }
    if starts("www.") {
        return word.split(['/', '?', '#']).next().and_then(named_host);
    }
    None
}

/// A host with a known public suffix, perhaps followed by a port. A mail address is none.
pub(super) fn named_host(text: &str) -> Option<Domain> {
    let text = text.split(':').next()?;
    if !text.contains('.') || text.contains(['@', '%', '_']) {
        return None;
    }
    Domain::parse(text).filter(Domain::has_known_suffix)
}

/// Whether a top-level domain is also a usual ending of file names.
pub(super) fn is_file_ending(top_level: &str) -> bool {
    FILE_ENDINGS.contains(&top_level)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A target as `scheme|host or address`.
    fn check(input: &str, expected: &str) {
        assert_eq!(shown(&Target::read(input, None)), expected, "{input:?}");
    }

    fn shown(target: &Target) -> String {
        let host = target.host.as_ref().map(ToString::to_string).or(target.ip.map(|ip| ip.to_string()));
        format!("{}|{}", target.scheme, host.unwrap_or_default())
    }

    #[test]
    fn usual_targets() {
        check("https://www.example.org/a?b#c", "https|www.example.org");
        check("HTTP://Example.ORG:8080", "http|example.org");
        check("mailto:anna@example.org", "mailto|");
        check("data:text/html;base64,AAAA", "data|");
        check("cid:part1@example.org", "cid|");
        check("ftp://ftp.example.org/", "ftp|ftp.example.org");
        check("file://server.example/share", "file|server.example");
        check("\\\\server.example\\share", "|server.example");
        check("#top", "|");
        check("", "|");
    }

    #[test]
    fn user_information_is_no_host() {
        check("http://www.bank.example@evil.test/", "http|evil.test");
        check("http://bank.example:pw@a@evil.test:80/@x", "http|evil.test");
        check("http://evil.test/@bank.example", "http|evil.test");
        check("http://evil.test\\@bank.example", "http|evil.test");
    }

    #[test]
    fn slashes_and_white_space_are_read_as_browsers_do() {
        check("http:/\\evil.test", "http|evil.test");
        check("https:\\\\evil.test\\x", "https|evil.test");
        check("http:////evil.test", "http|evil.test");
        check("https:evil.test", "https|evil.test");
        check(" \u{1}ht\ntps://ev\til.test/ ", "https|evil.test");
        check("//evil.test/x", "|evil.test");
    }

    #[test]
    fn hosts_may_be_encoded() {
        check("http://ev%69l.t%65st/", "http|evil.test");
        check("http://b\u{fc}cher.example/", "http|xn--bcher-kva.example");
        check("http://b%C3%BCcher.example/", "http|xn--bcher-kva.example");
        check("http://evil\u{3002}test/", "http|evil.test");
        check("http://\u{ff45}vil.test./", "http|evil.test");
        check("http://two words.test/", "http|");
        check("http://%zz.test/", "http|");
    }

    #[test]
    fn addresses_have_many_spellings() {
        for spelling in
            ["192.0.2.1", "3221225985", "0xC0000201", "0300.0.2.1", "192.0.513", "0xc0.0.02.0x1", "192.0.2.1."]
        {
            check(&format!("http://{spelling}/"), "http|192.0.2.1");
        }
        check("http://[2001:db8::1]:80/", "http|2001:db8::1");
        check("http://256.0.0.1/", "http|");
        check("http://1.2.3.4.5/", "http|");
        check("http://4294967296/", "http|");
        check("http://[junk/", "http|");
    }

    #[test]
    fn relative_targets_lead_to_the_base() {
        let base = Target::read("https://base.example/dir/", None);
        assert_eq!(shown(&Target::read("x/y", Some(&base))), "|base.example");
        assert_eq!(shown(&Target::read("//other.example", Some(&base))), "|other.example");
        check("www.example.org/login", "|www.example.org");
        check("example.org:443/x", "|example.org");
        check("page.html", "|");
    }

    fn check_label(label: &str, expected: Option<&str>) {
        assert_eq!(label_host(label).map(|d| d.to_string()).as_deref(), expected, "{label}");
    }

    #[test]
    fn labels_may_name_hosts() {
        check_label("https://www.bank.com/login", Some("www.bank.com"));
        check_label("www.bank.com", Some("www.bank.com"));
        check_label("bank.co.uk", Some("bank.co.uk"));
        check_label("(bank.com/account)", Some("bank.com"));
        check_label("Go to www.bank.com now", Some("www.bank.com"));
        check_label("Go to https://bank.com.", Some("bank.com"));
    }

    #[test]
    fn most_labels_name_none() {
        check_label("Click here", None);
        check_label("Read bank.com terms", None);
        check_label("report.zip", None);
        check_label("main.rs", None);
        check_label("anna@bank.com", None);
        check_label("v1.2.3", None);
        check_label("etc.", None);
        check_label("co.uk", None);
        check_label("", None);
    }

    #[test]
    fn targets_and_labels_are_cut() {
        let long = |n: usize| link(&"a".repeat(n), &"b".repeat(n), LinkPlace::Anchor, None);
        assert_eq!(long(TARGET_BYTES_MAX).target.len(), TARGET_BYTES_MAX);
        assert_eq!(long(TARGET_BYTES_MAX + 1).target.len(), TARGET_BYTES_MAX);
        assert_eq!(long(LABEL_BYTES_MAX).label.len(), LABEL_BYTES_MAX);
        assert_eq!(long(LABEL_BYTES_MAX + 1).label.len(), LABEL_BYTES_MAX);
    }
}
