//! The objects of a PDF document (ISO 32000-2 §7.3), found wherever they stand.

use std::collections::HashSet;

use super::super::bytes::{find, part, text};

/// Where a mark stands next. Each byte is looked at once, however often is asked from further on.
struct Next<'a> {
    content: &'a [u8],
    mark: &'a [u8],
    at: Option<usize>,
    asked: bool,
}

impl<'a> Next<'a> {
    fn of(content: &'a [u8], mark: &'a [u8]) -> Self {
        Self { content, mark, at: None, asked: false }
    }

    fn from(&mut self, from: usize) -> Option<usize> {
        if !self.asked || self.at.is_some_and(|at| at < from) {
            self.at = find(self.content, self.mark, from);
            self.asked = true;
        }
        self.at
    }
}

/// Objects that are looked at: a page has three to ten.
const OBJECTS_MAX: usize = 100_000;
/// Objects of one packed stream.
const PACKED_MAX: usize = 10_000;
/// Bytes of one dictionary that are looked at.
const DICTIONARY_BYTES_MAX: usize = 65_536;

/// An object.
pub(super) struct Object<'a> {
    /// Its number.
    pub number: usize,
    /// Its dictionary, or whatever else it is, as it stands.
    pub dictionary: &'a [u8],
    /// Its stream, still packed.
    pub stream: Option<&'a [u8]>,
    /// Whether another object names it as a script.
    pub is_script: bool,
}

/// All objects, in the order in which they stand.
pub(super) fn objects(content: &[u8]) -> Vec<Object<'_>> {
    let (mut found, mut from) = (Vec::new(), 0);
    let (mut ends, mut streams) = (Next::of(content, b"endobj"), Next::of(content, b"stream"));
    let (mut stream_ends, mut heads) = (Next::of(content, b"endstream"), Next::of(content, b" obj"));
    while found.len() < OBJECTS_MAX
        && let Some(at) = heads.from(from)
    {
        from = at + 4;
        let Some(number) = number_before(&content[..at]) else { continue };
        let end = ends.from(from);
        let stream_at = streams.from(from).filter(|stream| end.is_none_or(|end| *stream < end));
        let Some(stream_at) = stream_at.filter(|stream| !content[..*stream].ends_with(b"end")) else {
            // What never ends ends where the next begins: no byte belongs to two.
            let end = end.or_else(|| heads.from(from)).unwrap_or(content.len());
            found.push(object(number, &content[from..end], None));
            from = end;
            continue;
        };
        let dictionary = &content[from..stream_at];
        let mut start = stream_at + 6;
        start += usize::from(content.get(start) == Some(&b'\r'));
        start += usize::from(content.get(start) == Some(&b'\n'));
        let stated = super::objects::number(dictionary, b"/Length").map(|len| start.saturating_add(len));
        let sound = stated.filter(|end| part(content, *end, 12).windows(9).any(|word| word == b"endstream"));
        let end = sound.or_else(|| stream_ends.from(start)).unwrap_or(content.len());
        found.push(object(number, dictionary, content.get(start..end)));
        from = end;
    }
    mark_scripts(&mut found);
    found
}

fn object<'a>(number: usize, dictionary: &'a [u8], stream: Option<&'a [u8]>) -> Object<'a> {
    Object { number, dictionary: part(dictionary, 0, DICTIONARY_BYTES_MAX), stream, is_script: false }
}

/// Marks the objects that are named behind `/JS`.
fn mark_scripts(objects: &mut [Object<'_>]) {
    let scripts: HashSet<usize> = objects.iter().filter_map(|object| number(object.dictionary, b"/JS")).collect();
    for object in objects.iter_mut().filter(|object| scripts.contains(&object.number)) {
        object.is_script = true;
    }
}

/// The number of the object whose generation stands at the end.
fn number_before(head: &[u8]) -> Option<usize> {
    let tail = text(&head[head.len().saturating_sub(24)..]);
    let mut words = tail.rsplit(|c: char| !c.is_ascii_digit());
    words.next().filter(|generation| !generation.is_empty())?;
    words.find(|word| !word.is_empty())?.parse().ok()
}

/// What stands behind each `trailer`.
pub(super) fn trailers(content: &[u8]) -> Vec<&[u8]> {
    let (mut found, mut from) = (Vec::new(), 0);
    while found.len() < 16
        && let Some(at) = find(content, b"trailer", from)
    {
        from = at + 7;
        found.push(part(content, from, 4_096));
    }
    found
}

/// The objects of a stream of objects (§7.5.7).
pub(super) fn packed<'a>(stream: &'a [u8], dictionary: &[u8]) -> Vec<&'a [u8]> {
    let first = number(dictionary, b"/First").unwrap_or(0).min(stream.len());
    let head = text(&stream[..first]);
    let numbers: Vec<usize> = head.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect();
    let places: Vec<usize> = numbers.chunks_exact(2).map(|pair| first.saturating_add(pair[1])).take(PACKED_MAX).collect();
    let ends = places.iter().skip(1).copied().chain([stream.len()]);
    let parts = places.iter().zip(ends).map(|(start, end)| stream.get(*start..end.min(stream.len())));
    parts.flatten().map(|object| part(object, 0, DICTIONARY_BYTES_MAX)).collect()
}

/// What stands behind a key that is not the beginning of a longer one.
fn behind<'a>(dictionary: &'a [u8], key: &[u8], from: usize) -> Option<(&'a [u8], usize)> {
    let mut from = from;
    loop {
        let at = find(dictionary, key, from)? + key.len();
        from = at;
        let rest = &dictionary[at..];
        if rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric()) {
            let value = rest.trim_ascii_start();
            return Some((value, dictionary.len() - value.len()));
        }
    }
}

/// Whether a key stands there.
pub(super) fn has(dictionary: &[u8], key: &[u8]) -> bool {
    behind(dictionary, key, 0).is_some()
}

/// The name behind a key.
pub(super) fn name<'a>(dictionary: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let (value, _) = behind(dictionary, key, 0)?;
    let name = value.strip_prefix(b"/")?;
    let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(name.len());
    Some(&name[..end])
}

/// The names of the filters, the first bracket aside; empty where there is none.
pub(super) fn filters(dictionary: &[u8]) -> &[u8] {
    let Some((value, _)) = behind(dictionary, b"/Filter", 0) else { return b"" };
    let value = value.strip_prefix(b"[").unwrap_or(value).trim_ascii_start();
    let value = value.strip_prefix(b"/").unwrap_or(value);
    let ends = |byte: &u8| matches!(byte, b']' | b'>' | b'\r' | b'\n' | b' ');
    let end = value.iter().position(ends).unwrap_or(value.len());
    let name = &value[..end];
    // Another key may follow at once: `/FlateDecode/Length 5`.
    if dictionary.windows(8).any(|word| word == b"/Filter[" || word == b"/Filter ") && name.contains(&b'/') && value[end..].starts_with(b"]") {
        return name;
    }
    name.split(|byte| *byte == b'/').next().unwrap_or_default()
}

/// The number behind a key.
pub(super) fn number(dictionary: &[u8], key: &[u8]) -> Option<usize> {
    let (value, _) = behind(dictionary, key, 0)?;
    let end = value.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(value.len());
    text(&value[..end]).parse().ok()
}

/// The string behind a key from a place on, and where it ends.
pub(super) fn string(dictionary: &[u8], key: &[u8], from: usize) -> Option<(String, usize)> {
    let mut from = from;
    loop {
        let (value, at) = behind(dictionary, key, from)?;
        match value.first() {
            Some(b'(') => {
                let (bytes, len) = literal(value);
                return Some((decoded(&bytes), at + len));
            }
            Some(b'<') if !value.starts_with(b"<<") => {
                let len = value.iter().position(|byte| *byte == b'>').unwrap_or(value.len());
                return Some((decoded(&hexadecimal(&value[1..len.max(1)])), at + len));
            }
            // `/S /URI /URI (…)`: the name of an action is no key.
            _ => from = at,
        }
    }
}

/// A string in brackets: its bytes, and how long it is as written.
pub(super) fn literal(value: &[u8]) -> (Vec<u8>, usize) {
    let (mut out, mut depth, mut at) = (Vec::new(), 0, 0);
    while let Some(byte) = value.get(at) {
        at += 1;
        match byte {
            b'(' => {
                depth += 1;
                if depth > 1 {
                    out.push(*byte);
                }
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
                out.push(*byte);
            }
            b'\\' => {
                let digits = part(value, at, 3).iter().take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                if digits > 0 {
                    let number = value[at..at + digits].iter().fold(0_u32, |sum, digit| sum * 8 + u32::from(digit - b'0'));
                    out.push(number as u8);
                    at += digits;
                    continue;
                }
                match value.get(at) {
                    Some(b'n') => out.push(b'\n'),
                    Some(b'r') => out.push(b'\r'),
                    Some(b't') => out.push(b'\t'),
                    Some(b'\r' | b'\n') | None => {}
                    Some(other) => out.push(*other),
                }
                at += 1;
            }
            _ => out.push(*byte),
        }
    }
    (out, at)
}

/// The bytes of a string in hexadecimal digits.
pub(super) fn hexadecimal(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u32> = digits.iter().filter_map(|digit| char::from(*digit).to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] << 4 | pair.get(1).copied().unwrap_or(0)) as u8).collect()
}

/// A string of a dictionary as text (§7.9.2.2).
fn decoded(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xfe\xff") {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => text(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_with_their_streams() {
        let file = b"1 0 obj<</A 1>>endobj 22 0 obj <</Length 3>> stream\nabcendstream endobj 3 0 obj <</Length 99>>stream\r\nendobjxendstream";
        let found: Vec<_> = objects(file).iter().map(|object| (object.number, object.stream.map(text))).collect();
        assert_eq!(found, [(1, None), (22, Some("abc".to_owned())), (3, Some("endobjx".to_owned()))]);
    }

    #[test]
    fn values_stand_behind_their_keys() {
        let dictionary = b"/Lengthy 1/Length 5/Type /Page/Filter [/FlateDecode /DCTDecode]/S/URI/URI(a\\(b\\051\\n)/URI <41 42>";
        assert_eq!(number(dictionary, b"/Length"), Some(5));
        assert_eq!(name(dictionary, b"/Type"), Some(&b"Page"[..]));
        let (first, behind) = string(dictionary, b"/URI", 0).expect("a string");
        assert_eq!(first, "a(b)\n");
        assert_eq!(string(dictionary, b"/URI", behind).map(|(second, _)| second).as_deref(), Some("AB"));
        assert_eq!(filters(b"/Filter/FlateDecode/Length 5"), b"FlateDecode");
        assert_eq!(filters(b"/Filter[/DCTDecode]"), b"DCTDecode");
        assert_eq!(filters(b"/Filter /DCTDecode>>"), b"DCTDecode");
        assert_eq!(filters(b"/Length 5"), b"");
    }

    #[test]
    fn strings_that_never_end_end() {
        assert_eq!(literal(b"(a(b)"), (b"a(b)".to_vec(), 5));
        assert_eq!(literal(b"(a\\").0, b"a");
        assert_eq!(string(b"/URI <41", b"/URI", 0).map(|(text, _)| text).as_deref(), Some("A"));
        assert_eq!(string(b"/URI", b"/URI", 0), None);
    }
}
