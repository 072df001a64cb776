//! What stands behind the question mark of a URL.

use std::borrow::Cow;
use std::sync::Arc;

use crate::rules::evaluate::Value;

/// Parameters of one URL that are read.
const PARAMETERS_MAX: usize = 500;

/// Text with its percent signs decoded; what does not decode to text stays as it is.
pub(super) fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(decoded) if byte == b'%' => {
                out.push(decoded);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Name and value of each parameter, decoded.
pub(super) fn parameters(query: &str) -> impl Iterator<Item = (String, String)> {
    let plain = |text: &str| percent_decoded(&text.replace('+', " ")).into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).take(PARAMETERS_MAX);
    pairs.map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (plain(name), plain(value))
    })
}

/// The parameters by name, each with all of its values.
pub(super) fn decoded<'m>(query: &str) -> Value<'m> {
    let mut named: Vec<(String, Vec<String>)> = Vec::new();
    for (name, value) in parameters(query) {
        match named.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(value),
            None => named.push((name, vec![value])),
        }
    }
    Value::Map(named.into_iter().map(|(name, values)| (Arc::from(name), Value::texts(values))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_gathered() {
        let read: Vec<_> = parameters("a=1%20x&b&a=%C3%BC+y&&%zz=%").collect();
        let pairs = [("a", "1 x"), ("b", ""), ("a", "\u{fc} y"), ("%zz", "%")];
        assert_eq!(read, pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(decoded("a=1&a=2").json(), serde_json::json!({"a": ["1", "2"]}));
    }

    #[test]
    fn what_is_no_text_stays_coded() {
        assert_eq!(percent_decoded("%ff"), "%ff");
        assert_eq!(percent_decoded("a%2Fb\u{fc}%"), "a/b\u{fc}%");
    }
}
