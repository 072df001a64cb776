//! XML, cut into tags and text without any regard to whether it is well formed.

use std::borrow::Cow;

/// A piece of XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A start tag's name, and its attributes as they stand. An element without content is closed at once.
    Open(&'a str, &'a str),
    /// An end tag's name.
    Close(&'a str),
    /// Text, entities not decoded.
    Text(&'a str),
}

/// The pieces of a document, in their order.
pub(super) fn pieces(xml: &str) -> impl Iterator<Item = Piece<'_>> {
    let (mut rest, mut closing) = (xml, None);
    std::iter::from_fn(move || {
        loop {
            if let Some(name) = closing.take() {
                return Some(Piece::Close(name));
            }
            if rest.is_empty() {
                return None;
            }
            let Some(tag) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                let text = &rest[..end];
                rest = &rest[end..];
                return Some(Piece::Text(text));
            };
            if let Some(text) = tag.strip_prefix("![CDATA[") {
                let end = text.find("]]>").unwrap_or(text.len());
                rest = text.get(end + 3..).unwrap_or_default();
                return Some(Piece::Text(&text[..end]));
            }
            let skipped = if tag.starts_with("!--") { "-->" } else { ">" };
            let end = if tag.starts_with(['!', '?']) { tag.find(skipped) } else { tag_end(tag) };
            let inner = &tag[..end.unwrap_or(tag.len())];
            rest = end.and_then(|end| tag.get(end + skipped.len()..)).unwrap_or_default();
            if tag.starts_with("!--") || inner.starts_with(['!', '?']) {
                continue;
            }
            if let Some(name) = inner.strip_prefix('/') {
                return Some(Piece::Close(name.trim()));
            }
            let alone = inner.strip_suffix('/');
            let inner = alone.unwrap_or(inner);
            let (name, attributes) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
            closing = alone.map(|_| name);
            return Some(Piece::Open(name, attributes));
        }
    })
}

/// Where a tag ends: at the first `>` that no quotes hold.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.find('>')
}

/// The value of an attribute, decoded.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let mut from = 0;
    while let Some(found) = attributes.get(from..)?.find(name) {
        let at = from + found;
        from = at + name.len();
        let begins = at == 0 || attributes[..at].ends_with(char::is_whitespace);
        let rest = attributes[from..].trim_start();
        let Some(value) = rest.strip_prefix('=').filter(|_| begins) else { continue };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        return value[1..].split(quote).next().map(decoded);
    }
    None
}

/// A name without its namespace.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Text with its entities decoded.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part.split_once(';').and_then(|(name, rest)| Some((entity(name)?, rest)));
        match known {
            Some((c, rest)) => {
                out.push(c);
                out.push_str(rest);
            }
            None => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse().ok(), |digits| u32::from_str_radix(digits, 16).ok())?;
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_is_cut_into_pieces() {
        let xml = "<?xml v?><!-- <x> --><a b='c>d' e = \"f&amp;g\"><n:i/>t&lt;<![CDATA[<z>]]></a><";
        let found: Vec<_> = pieces(xml).collect();
        let open = Piece::Open("a", "b='c>d' e = \"f&amp;g\"");
        let alone = [Piece::Open("n:i", ""), Piece::Close("n:i")];
        let rest = [Piece::Text("t&lt;"), Piece::Text("<z>"), Piece::Close("a"), Piece::Open("", "")];
        assert_eq!(found, [&[open], &alone[..], &rest[..]].concat());
        let Piece::Open(_, attributes) = open else { panic!("a tag") };
        assert_eq!(attribute(attributes, "e").as_deref(), Some("f&g"));
        assert_eq!(attribute(attributes, "b").as_deref(), Some("c>d"));
        assert_eq!(attribute(attributes, "x"), None);
        assert_eq!((local("n:i"), decoded("&#65;&#x42;&bad;&").as_ref()), ("i", "AB&bad;&"));
    }
}
