//! Files packed by xz.

use lzma_rust2::XzReader;

use super::gzip::inner_name;
use super::kind::{Kind, Reading};

/// Files packed by xz.
pub(super) const KIND: Kind =
    Kind { flavors: &["xz_file"], media_type: "application/x-xz", is: |head| head.begins(b"\xfd7zXZ\0"), read };

/// KiB of memory that unpacking may take: as much as the usual presets ask for.
pub(super) const MEMORY_KIB_MAX: u32 = 65_536;

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let unpacked = reading.budget.read(XzReader::new_mem_limit(content, true, MEMORY_KIB_MAX));
    reading.budget.spend(unpacked.len());
    reading.add(inner_name(reading.name, ".xz"), unpacked);
}

#[cfg(test)]
pub(super) mod tests {
    use crate::files::explode::tests::{gaps, names, taken};

    /// `hello hello hello`, packed.
    pub(crate) const SAMPLE: &[u8] = b"\xfd7zXZ\x00\x00\x04\xe6\xd6\xb4F\x02\x00!\x01\x0c\x00\x00\x00\x8f\x98A\x9c\xe0\x00\x10\x00\x0c]\x00\
        4\x19I\xdb\x85\x5cgr*a\x00\x00\x00K\x88\xe6\xdaD\x80\x07v\x00\x01(\x11s;k\x17\x1f\xb6\xf3}\x01\x00\
        \x00\x00\x00\x04YZ";

    #[test]
    fn the_file_within_is_unpacked() {
        let exploded = taken("a.txt.xz", SAMPLE);
        assert_eq!(names(&exploded), ["a.txt.xz", "a.txt"]);
        assert_eq!(exploded.found[1].file.content(), Some(&b"hello hello hello"[..]));
        assert_eq!(gaps(&taken("a.xz", &SAMPLE[..SAMPLE.len() - 20])), ["the file is damaged"]);
    }
}
