//! A file taken apart: itself, the files in it, and theirs.

use std::collections::VecDeque;

use super::budget::{Budget, Limits};
use super::kind::{Head, Kind, Reading, kind_of};
use super::{BROKEN, Facts};
use crate::mail::Gap;
use crate::message::Attachment;

/// A file, or one inside it.
#[derive(Clone, Debug)]
pub struct Found {
    /// How deep it lies; 0 for the outermost.
    pub depth: usize,
    /// The file.
    pub file: Attachment,
    /// Its kind; `None` where it is none that is known.
    pub kind: Option<&'static Kind>,
    /// What is known of it.
    pub facts: Facts,
}

/// A file taken apart.
#[derive(Clone, Debug)]
pub struct Exploded {
    /// The file itself first, then those in it, level by level.
    pub found: Vec<Found>,
    /// What could not be looked into.
    pub gaps: Vec<Gap>,
}

/// Takes a file apart within limits.
pub fn explode(file: &Attachment, limits: &Limits) -> Exploded {
    let mut budget = Budget::new(limits, file.bytes);
    let (mut queue, mut found) = (VecDeque::from([(0, file.clone())]), Vec::new());
    while let Some((depth, file)) = queue.pop_front() {
        let content = file.content().unwrap_or_default();
        let kind = kind_of(&Head { content, extension: &file.extension });
        let mut reading =
            Reading { budget: &mut budget, name: &file.name, facts: Facts::default(), members: Vec::new() };
        if let Some(kind) = kind
            && reading.budget.spend(content.len())
        {
            (kind.read)(content, &mut reading);
        }
        let Reading { facts, members, .. } = reading;
        if !members.is_empty() && budget.reaches(depth + 1) {
            for member in members {
                queue.push_back((depth + 1, Attachment::found(&member.name, member.content, member.bytes)));
            }
        }
        found.push(Found { depth, file, kind, facts });
    }
    Exploded { found, gaps: budget.into_gaps() }
}

/// A file taken apart within the usual limits, which it shares with as many others as came with it; once however often
/// it is asked for. `None` where its content was not kept.
pub fn exploded(file: &Attachment, among: usize) -> Option<&Exploded> {
    file.content()?;
    file.derived(|| explode(file, &Limits::default().shared(among)))
}

impl Exploded {
    /// Whether a part of it does not hold to its own format.
    pub fn is_damaged(&self) -> bool {
        self.gaps.iter().any(|gap| gap.why == BROKEN)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A file taken apart within the usual limits.
    pub(crate) fn taken(name: &str, content: &[u8]) -> Exploded {
        explode(&Attachment::found(name, Some(content.to_vec()), 0), &Limits::default())
    }

    /// The names of the files, in their order.
    pub(crate) fn names(exploded: &Exploded) -> Vec<String> {
        exploded.found.iter().map(|found| found.file.name.clone()).collect()
    }

    /// Why parts are missing.
    pub(crate) fn gaps(exploded: &Exploded) -> Vec<&str> {
        exploded.gaps.iter().map(|gap| gap.why.as_str()).collect()
    }

    #[test]
    fn a_file_of_no_known_kind_is_all_there_is() {
        let exploded = taken("a.bin", b"\x00\x01\x02");
        assert_eq!((exploded.found.len(), exploded.found[0].kind.is_none(), gaps(&exploded).len()), (1, true, 0));
    }

    #[test]
    fn a_file_is_taken_apart_once() {
        let file = Attachment::found("a.txt", Some(b"hello".to_vec()), 0);
        let (first, second) = (exploded(&file, 1).expect("kept"), exploded(&file, 1).expect("kept"));
        assert!(std::ptr::eq(first, second));
        assert!(exploded(&Attachment::found("a.txt", None, 5), 1).is_none());
    }

    #[test]
    fn what_is_cut_short_or_changed_never_panics() {
        use crate::files::compound::tests::compound;
        use crate::files::macros::tests::packed;
        use crate::files::zip::tests::archive;
        let document = archive(&[("[Content_Types].xml", b"<T/>"), ("word/document.xml", b"<w:t>text</w:t>")], 0);
        let pdf = b"%PDF-1.4\n1 0 obj<</A<</URI(http://a.example)>>>>endobj 2 0 obj<</Length 20>>stream\nBT (x) Tj ET\nendstream";
        let macros = compound(&[("VBA", b"x"), ("WordDocument", &packed(&"Attribute X = 1\r\n".repeat(20)))]);
        let samples: Vec<(&str, Vec<u8>)> = vec![
            ("a.docx", document),
            ("a.pdf", pdf.to_vec()),
            ("a.doc", macros),
            ("a.html", b"<html><title>x</title><script>var a = 'b' + /x/.test(`c`)</script><p onload='x()'>".to_vec()),
            ("a.rtf", b"{\\rtf1{\\*\\x y}{\\object\\objdata 0102030405060708090a0b0c0d0e0f1011}\\'e4 text}".to_vec()),
            ("a.rar", b"Rar!\x1a\x07\x01\0CRC_\x0c\x02\x02\x03\0\x09\0\0\0\x04a.jsXYZ".to_vec()),
            ("a.7z", crate::files::seven_zip::tests::SAMPLE.to_vec()),
            ("a.xz", crate::files::xz::tests::SAMPLE.to_vec()),
            ("a.png", crate::files::png::tests::code()),
            ("a.gif", b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec()),
        ];
        let mut chance = 1_u32;
        for (name, sample) in samples {
            let step = (sample.len() / 200).max(1);
            for end in (0..sample.len()).step_by(step) {
                taken(name, &sample[..end]);
                let mut changed = sample.clone();
                for _ in 0..3 {
                    chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let at = chance as usize % changed.len();
                    changed[at] = (chance >> 16) as u8;
                }
                taken(name, &changed);
            }
        }
    }
}
