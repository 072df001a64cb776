//! Zip archives, and the documents that are made of them.

use super::budget::Budget;
use super::bytes::{find, part, text, u16_at, u32_at};
use super::kind::{Kind, Reading};
use super::streams::inflate;
use super::{BROKEN, ZipFacts, office};

/// Zip archives.
pub(super) const KIND: Kind = Kind {
    flavors: &["zip_file"],
    media_type: "application/zip",
    is: |head| head.begins(b"PK\x03\x04") || head.begins(b"PK\x05\x06") || head.begins(b"PK\x07\x08PK\x03\x04"),
    read,
};

/// Mark of the end of the central directory.
const END: &[u8] = b"PK\x05\x06";
/// Mark of an entry of the central directory.
const ENTRY: &[u8] = b"PK\x01\x02";
/// Mark of the head of a member.
const LOCAL: &[u8] = b"PK\x03\x04";
/// Bytes at the end among which the central directory's end is sought: a comment has up to 65,535.
const END_BYTES_MAX: usize = 65_557;
/// Entries that are listed.
const ENTRIES_MAX: usize = 10_000;

/// An entry of the archive (APPNOTE 6.3.10 §4.3).
struct Entry {
    name: String,
    encrypted: bool,
    method: usize,
    packed: usize,
    bytes: usize,
    /// Where its head stands.
    at: usize,
}

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let entries = match directory(content) {
        entries if entries.is_empty() => heads(content),
        entries => entries,
    };
    let mut facts = ZipFacts { paths: entries.iter().map(|entry| entry.name.clone()).collect(), ..ZipFacts::default() };
    if let Some(first) = entries.first() {
        reading.facts.metadata.add("ZipFileName", &first.name);
        reading.facts.metadata.add("ZipUncompressedSize", first.bytes.to_string());
        reading.facts.metadata.add("ZipCompressedSize", first.packed.to_string());
    }
    for entry in entries.iter().filter(|entry| !entry.name.ends_with('/')) {
        facts.encrypted |= entry.encrypted;
        facts.tried.push(entry.name.clone());
        match unpack(content, entry, reading.budget) {
            Some(unpacked) => reading.add(&entry.name, unpacked),
            None => reading.list(&entry.name, entry.bytes),
        }
    }
    if facts.encrypted {
        reading.facts.flavors.push("encrypted_zip");
        reading.budget.note("the archive wants a password");
    }
    reading.facts.zip = Some(facts);
    office::read(reading);
}

/// The entries of the central directory.
fn directory(content: &[u8]) -> Vec<Entry> {
    let from = content.len().saturating_sub(END_BYTES_MAX);
    let Some(end) = content[from..].windows(END.len()).rposition(|mark| mark == END).map(|at| from + at) else {
        return Vec::new();
    };
    let (Some(size), Some(stated)) = (u32_at(content, end + 12), u32_at(content, end + 16)) else { return Vec::new() };
    // What stands before the archive shifts all places, as in a self-extracting program.
    let start = end.saturating_sub(size);
    let shift = start.saturating_sub(stated);
    let (mut at, mut entries) = (start, Vec::new());
    while entries.len() < ENTRIES_MAX && part(content, at, 4) == ENTRY {
        let Some(entry) = entry(content, at, shift) else { break };
        at += 46 + [28, 30, 32].iter().filter_map(|place| u16_at(content, at + place)).sum::<usize>();
        entries.push(entry);
    }
    entries
}

fn entry(content: &[u8], at: usize, shift: usize) -> Option<Entry> {
    let name = part(content, at + 46, u16_at(content, at + 28)?);
    Some(Entry {
        name: text(name),
        encrypted: u16_at(content, at + 8)? & 1 == 1,
        method: u16_at(content, at + 10)?,
        packed: u32_at(content, at + 20)?,
        bytes: u32_at(content, at + 24)?,
        at: u32_at(content, at + 42)?.saturating_add(shift),
    })
}

/// The heads of members in their order, where there is no central directory.
fn heads(content: &[u8]) -> Vec<Entry> {
    let (mut from, mut entries) = (0, Vec::new());
    while entries.len() < ENTRIES_MAX
        && let Some(at) = find(content, LOCAL, from)
    {
        from = at + LOCAL.len();
        let head = || {
            Some(Entry {
                name: text(part(content, at + 30, u16_at(content, at + 26)?)),
                encrypted: u16_at(content, at + 6)? & 1 == 1,
                method: u16_at(content, at + 8)?,
                packed: u32_at(content, at + 18)?,
                bytes: u32_at(content, at + 22)?,
                at,
            })
        };
        if let Some(mut entry) = head() {
            if entry.packed == 0 {
                // The sizes stand behind the content then: all that follows is tried.
                entry.packed = content.len();
            } else {
                from = at.saturating_add(30).saturating_add(entry.packed);
            }
            entries.push(entry);
        }
    }
    entries
}

/// The content of an entry; `None` where it cannot be unpacked.
fn unpack(content: &[u8], entry: &Entry, budget: &mut Budget<'_>) -> Option<Vec<u8>> {
    if entry.encrypted {
        return None;
    }
    if part(content, entry.at, 4) != LOCAL {
        budget.note(BROKEN);
        return None;
    }
    let behind = u16_at(content, entry.at + 26)? + u16_at(content, entry.at + 28)?;
    let packed = part(content, entry.at + 30 + behind, entry.packed);
    match entry.method {
        0 => Some(budget.copy(packed)),
        8 => Some(inflate(packed, budget)),
        _ => {
            budget.note("a member is packed in a way that is not read");
            None
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use crate::files::explode::tests::{gaps, names, taken};
    use crate::files::{Limits, explode};
    use crate::message::Attachment;

    /// An archive of members, deflated.
    pub(crate) fn archive(members: &[(&str, &[u8])], flags: u16) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, content) in members {
            let packed = miniz_oxide::deflate::compress_to_vec(content, 9);
            let mut head = Vec::new();
            for number in [20, flags, 8, 0, 0, 0, 0] {
                head.extend_from_slice(&u16::to_le_bytes(number));
            }
            for number in [packed.len(), content.len()] {
                head.extend_from_slice(&(number as u32).to_le_bytes());
            }
            head.extend_from_slice(&(name.len() as u16).to_le_bytes());
            head.extend_from_slice(&[0, 0]);
            directory.extend_from_slice(b"PK\x01\x02\x14\0");
            directory.extend_from_slice(&head);
            directory.extend_from_slice(&[0; 10]);
            directory.extend_from_slice(&(out.len() as u32).to_le_bytes());
            directory.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b"PK\x03\x04");
            out.extend_from_slice(&head);
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(&packed);
        }
        let (start, size) = (out.len() as u32, directory.len() as u32);
        out.extend_from_slice(&directory);
        out.extend_from_slice(b"PK\x05\x06\0\0\0\0\0\0\0\0");
        out.extend_from_slice(&size.to_le_bytes());
        out.extend_from_slice(&start.to_le_bytes());
        out.extend_from_slice(&[0, 0]);
        out
    }

    #[test]
    fn members_are_unpacked() {
        let exploded = taken("a.zip", &archive(&[("a/b.txt", b"hello hello hello"), ("c.js", b"var x;")], 0));
        assert_eq!(names(&exploded), ["a.zip", "a/b.txt", "c.js"]);
        assert_eq!(exploded.found[1].file.content(), Some(&b"hello hello hello"[..]));
        let zip = exploded.found[0].facts.zip.as_ref().expect("an archive");
        assert_eq!((zip.paths.len(), zip.encrypted), (2, false));
        assert_eq!(exploded.found[0].facts.metadata.value("ZipFileName"), Some("a/b.txt"));
        assert_eq!(gaps(&exploded), [] as [&str; 0]);
    }

    #[test]
    fn an_encrypted_archive_is_listed() {
        let exploded = taken("a.zip", &archive(&[("secret.exe", b"MZ")], 1));
        assert_eq!(names(&exploded), ["a.zip", "secret.exe"]);
        assert_eq!(exploded.found[1].file.content(), None);
        assert!(exploded.found[0].facts.flavors.contains(&"encrypted_zip"));
        assert_eq!(gaps(&exploded), ["the archive wants a password"]);
    }

    #[test]
    fn members_are_found_without_a_directory() {
        let whole = archive(&[("a.txt", b"hello hello hello"), ("b.txt", b"world")], 0);
        let cut = super::find(&whole, super::ENTRY, 0).expect("a directory");
        assert_eq!(names(&taken("a.zip", &whole[..cut])), ["a.zip", "a.txt", "b.txt"]);
    }

    #[test]
    fn a_program_before_an_archive_hides_nothing() {
        let exploded = taken("a.zip", &[b"PK\x03\x04 padding".as_slice(), &archive(&[("a.txt", b"hello")], 0)].concat());
        assert_eq!(names(&exploded), ["a.zip", "a.txt"]);
    }

    #[test]
    fn a_bomb_ends_within_its_budget() {
        let zeros = vec![0; 20_000_000];
        let members: Vec<(String, &[u8])> = (0..30).map(|place| (format!("{place}.bin"), zeros.as_slice())).collect();
        let members: Vec<(&str, &[u8])> = members.iter().map(|(name, zeros)| (name.as_str(), *zeros)).collect();
        let bomb = archive(&members, 0);
        let exploded = taken("bomb.zip", &bomb);
        let bytes: usize = exploded.found.iter().skip(1).map(|found| found.file.bytes).sum();
        assert!(bytes <= Limits::default().bytes_max, "{bytes}");
        assert!(gaps(&exploded).contains(&"the file holds more bytes than are unpacked"));
    }

    #[test]
    fn archives_in_archives_end_at_their_depth() {
        let (mut inner, limits) = (archive(&[("a.txt", b"hello")], 0), Limits { depth_max: 3, ..Limits::default() });
        for _ in 0..5 {
            inner = archive(&[("in.zip", &inner)], 0);
        }
        let exploded = explode(&Attachment::found("a.zip", Some(inner), 0), &limits);
        assert_eq!(exploded.found.last().map(|found| found.depth), Some(3));
        assert_eq!(gaps(&exploded), ["files lie deeper in one another than is looked"]);
    }

    #[test]
    fn a_lying_length_reads_no_further_than_the_file() {
        let mut lying = archive(&[("a.txt", b"hello hello")], 0);
        let entry = super::find(&lying, super::ENTRY, 0).expect("a directory");
        lying[entry + 20..entry + 28].fill(0xff);
        assert_eq!(taken("a.zip", &lying).found[1].file.content(), Some(&b"hello hello"[..]));
        lying[entry + 42..entry + 46].fill(0xff);
        assert_eq!(gaps(&taken("a.zip", &lying)), ["the file is damaged"]);
    }
}
