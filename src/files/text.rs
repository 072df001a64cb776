//! Text without further form.

use super::bytes::find;
use super::kind::{Kind, Reading};

/// Text without further form.
pub(super) const KIND: Kind =
    Kind { flavors: &["text_file"], media_type: "text/plain", is: |head| head.is_text(), read: mark };

/// How a program for Windows begins, in base64, by where it begins in the line.
const PROGRAMS: &[&[u8]] = &[b"TVqQAA", b"TVpQAA", b"TVoAAA", b"TVpBUl", b"TVqAAA"];
/// How a script in JavaScript gives itself away.
const JAVASCRIPT: &[&[u8]] = &[b"document.write(", b"window.location", b"new ActiveXObject(", b"String.fromCharCode("];

/// Notes what the text holds.
pub(super) fn mark(content: &[u8], reading: &mut Reading<'_, '_>) {
    let holds = |marks: &[&[u8]]| marks.iter().any(|mark| find(content, mark, 0).is_some());
    if holds(PROGRAMS) {
        reading.facts.flavors.push("base64_pe");
    }
    if holds(JAVASCRIPT) && !reading.facts.flavors.contains(&"javascript_file") {
        reading.facts.flavors.push("javascript_file");
    }
}

#[cfg(test)]
mod tests {
    use crate::files::explode::tests::taken;

    #[test]
    fn a_program_in_base64_is_seen() {
        let flavors = |text: &str| taken("a.txt", text.as_bytes()).found[0].facts.flavors.clone();
        assert_eq!(flavors("x = TVqQAAMAAAAEAAAA"), ["base64_pe"]);
        assert_eq!(flavors("document.write(1)"), ["javascript_file"]);
        assert_eq!(flavors("hello"), [] as [&str; 0]);
    }
}
