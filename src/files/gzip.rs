//! Files packed by gzip (RFC 1952).

use super::bytes::{text, to_nul, u16_at};
use super::kind::{Kind, Reading};
use super::streams::inflate;

/// Files packed by gzip.
pub(super) const KIND: Kind =
    Kind { flavors: &["gzip_file"], media_type: "application/gzip", is: |head| head.begins(b"\x1f\x8b\x08"), read };

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let flags = content.get(3).copied().unwrap_or(0);
    let mut at = 10;
    if flags & 4 != 0 {
        at += 2 + u16_at(content, at).unwrap_or(0);
    }
    let mut name = inner_name(reading.name, ".gz");
    if flags & 8 != 0 {
        let stated = to_nul(content.get(at..).unwrap_or_default());
        at += stated.len() + 1;
        name = text(stated);
        reading.facts.metadata.add("ArchivedFileName", &name);
    }
    if flags & 16 != 0 {
        at += to_nul(content.get(at..).unwrap_or_default()).len() + 1;
    }
    if flags & 2 != 0 {
        at += 2;
    }
    let unpacked = inflate(content.get(at..).unwrap_or_default(), reading.budget);
    reading.add(name, unpacked);
}

/// The name of the one file in another: without the ending that the packer added.
pub(super) fn inner_name(name: &str, ending: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match lower.strip_suffix(ending) {
        Some(stem) => name[..stem.len()].to_owned(),
        // `.tgz` is short for `.tar.gz`.
        None if lower.ends_with(".tgz") || lower.ends_with(".txz") => format!("{}.tar", &name[..name.len() - 4]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::explode::tests::{names, taken};

    #[test]
    fn the_file_within_is_unpacked_under_its_own_name() {
        let packed = miniz_oxide::deflate::compress_to_vec(b"var x = 'hello';", 6);
        let plain = [b"\x1f\x8b\x08\0\0\0\0\0\0\0".as_slice(), &packed].concat();
        let exploded = taken("a.js.gz", &plain);
        assert_eq!(names(&exploded), ["a.js.gz", "a.js"]);
        assert_eq!(exploded.found[1].file.content(), Some(&b"var x = 'hello';"[..]));
        let named = [b"\x1f\x8b\x08\x1e\0\0\0\0\0\0\x02\0ab".as_slice(), b"b.js\0why\0cc", &packed].concat();
        assert_eq!(names(&taken("a.gz", &named)), ["a.gz", "b.js"]);
    }

    #[test]
    fn endings_are_taken_away() {
        assert_eq!(inner_name("A.TGZ", ".gz"), "A.tar");
        assert_eq!(inner_name("a", ".gz"), "a");
    }
}
