//! Rich text: its words, what it refers to, and the objects put into it.

use super::bytes::{find, text};
use super::kind::{Kind, Reading};
use super::{Office, OfficeKind, Relationship};

/// Rich text. Word opens what begins with less than the whole mark, and attackers know it.
pub(super) const KIND: Kind = Kind { flavors: &["rtf_file"], media_type: "text/rtf", is: |head| head.opens("{\\rt"), read };

/// Objects of one document that are taken out.
const OBJECTS_MAX: usize = 50;
/// Bytes in which the target of a reference is looked for.
const TARGET_BYTES_MAX: usize = 4_096;
/// Shortest run of digits that is taken for an object.
const OBJECT_DIGITS_MIN: usize = 32;

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let source = text(content);
    let mut office = Office::of(OfficeKind::Rtf);
    office.relationships = relationships(&source);
    office.images = source.matches("\\pict").count() as u64;
    let shown = shown(&source);
    office.words = Some(shown.split_whitespace().count() as u64);
    reading.facts.office = Some(office);
    reading.copy("document.txt", shown.as_bytes());
    for (place, found) in source.match_indices("\\objdata").take(OBJECTS_MAX).enumerate() {
        let object = hexadecimal(&source[found.0 + found.1.len()..], reading.budget.room());
        reading.budget.take(object.len(), false);
        if object.len() * 2 < OBJECT_DIGITS_MIN {
            continue;
        }
        // The compound file stands behind the names of the object.
        let at = find(&object, super::compound::MARK, 0).unwrap_or(0);
        reading.add(format!("object{}.bin", place + 1), object[at..].to_vec());
    }
}

/// The bytes that hexadecimal digits stand for, up to the end of their group. White space and control words between
/// them hide nothing.
fn hexadecimal(source: &str, room: usize) -> Vec<u8> {
    let (mut out, mut high, mut chars) = (Vec::new(), None, source.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '}' => break,
            '\\' => while chars.next_if(|c| c.is_ascii_alphanumeric()).is_some() {},
            _ => {
                let Some(digit) = c.to_digit(16) else { continue };
                match high.take() {
                    None => high = Some(digit),
                    Some(high) => out.push((high << 4 | digit) as u8),
                }
            }
        }
        if out.len() >= room {
            break;
        }
    }
    out
}

/// Fields that name a place outside the document: links, templates, included pictures.
fn relationships(source: &str) -> Vec<Relationship> {
    let mut found = Vec::new();
    for (word, name) in [("HYPERLINK", "hyperlink"), ("INCLUDEPICTURE", "image"), ("\\*\\template", "attachedTemplate")] {
        for (at, _) in source.match_indices(word).take(200) {
            let rest = &source[at + word.len()..];
            let rest = rest[..rest.floor_char_boundary(TARGET_BYTES_MAX)].trim_start();
            let target = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next(),
                None => rest.split(['}', ' ', '\r', '\n']).next(),
            };
            if let Some(target) = target.filter(|target| target.contains(['/', '\\', '.'])) {
                found.push(Relationship { name: name.to_owned(), target: target.to_owned() });
            }
        }
    }
    found
}

/// The text that a reader sees: groups that open with a star and tables of fonts and colours show nothing.
fn shown(source: &str) -> String {
    let (mut out, mut depth, mut hidden) = (String::new(), 0_usize, None::<usize>);
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let mut next = &rest[c.len_utf8()..];
        match c {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                hidden = hidden.filter(|from| depth >= *from);
            }
            '\\' => {
                let end = next.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(next.len());
                let (word, behind) = next.split_at(end);
                match word {
                    "" => {
                        let shown = hidden.is_none();
                        next = escaped(behind, shown.then_some(&mut out));
                        if behind.starts_with('*') {
                            hidden = hidden.or(Some(depth));
                        }
                    }
                    _ => {
                        match word {
                            "fonttbl" | "colortbl" | "stylesheet" | "info" | "pict" | "objdata" | "themedata" => {
                                hidden = hidden.or(Some(depth));
                            }
                            "par" | "line" | "row" if hidden.is_none() => out.push('\n'),
                            "tab" | "cell" if hidden.is_none() => out.push('\t'),
                            _ => {}
                        }
                        let number = behind.strip_prefix('-').unwrap_or(behind);
                        let number = number.trim_start_matches(|c: char| c.is_ascii_digit());
                        next = number.strip_prefix(' ').unwrap_or(number);
                    }
                }
            }
            '\r' | '\n' => {}
            _ if hidden.is_none() => out.push(c),
            _ => {}
        }
        rest = next;
    }
    out
}

/// A control symbol: what stands behind it, and what it shows.
fn escaped<'a>(behind: &'a str, out: Option<&mut String>) -> &'a str {
    let Some(c) = behind.chars().next() else { return behind };
    let rest = &behind[c.len_utf8()..];
    let (shown, rest) = match c {
        '\'' => match rest.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => (Some(char::from(byte)), &rest[2..]),
            None => (None, rest),
        },
        '\\' | '{' | '}' => (Some(c), rest),
        '~' => (Some(' '), rest),
        _ => (None, rest),
    };
    if let (Some(out), Some(shown)) = (out, shown) {
        out.push(shown);
    }
    rest
}

#[cfg(test)]
mod tests {
    use crate::files::explode::tests::{names, taken};

    #[test]
    fn a_document_tells_its_text_and_references() {
        let rtf = r#"{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator X;}Pay \b now\b0\par {\field{\*\fldinst HYPERLINK "https://a.example/"}{\fldrslt here}} \'e4\{}"#;
        let exploded = taken("a.rtf", rtf.as_bytes());
        let facts = &exploded.found[0].facts;
        assert_eq!(exploded.found[1].file.text(&[]).as_deref(), Some("Pay now\nhere \u{e4}{"));
        let office = facts.office.as_ref().expect("a document");
        assert_eq!(office.relationships[0].target, "https://a.example/");
        assert_eq!(names(&exploded), ["a.rtf", "document.txt"]);
    }

    #[test]
    fn objects_are_taken_out_however_they_are_written() {
        let digits = "d0cf11e0 a1b1\\bin0 1ae1".to_owned() + &"00".repeat(20);
        let exploded = taken("a.rtf", format!("{{\\rt{{\\object\\objdata 0105{digits}}}}}").as_bytes());
        assert_eq!(names(&exploded), ["a.rtf", "document.txt", "object1.bin"]);
        assert!(exploded.found[2].file.content().is_some_and(|content| content.starts_with(crate::files::compound::MARK)));
    }
}
