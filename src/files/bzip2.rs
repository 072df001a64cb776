//! Files packed by bzip2.

use ::bzip2::read::MultiBzDecoder;

use super::gzip::inner_name;
use super::kind::{Kind, Reading};

/// Files packed by bzip2.
pub(super) const KIND: Kind = Kind {
    flavors: &["bzip2_file"],
    media_type: "application/x-bzip2",
    is: |head| head.begins(b"BZh") && head.has(4, b"1AY&SY"),
    read,
};

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let unpacked = reading.budget.read(MultiBzDecoder::new(content));
    reading.budget.spend(unpacked.len());
    reading.add(inner_name(reading.name, ".bz2"), unpacked);
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use crate::files::explode::tests::{gaps, names, taken};

    #[test]
    fn the_file_within_is_unpacked_as_far_as_there_is_room() {
        let pack = |content: &[u8]| {
            let mut packed = Vec::new();
            let packer = ::bzip2::read::BzEncoder::new(content, ::bzip2::Compression::fast());
            packer.take(u64::MAX).read_to_end(&mut packed).expect("packed");
            packed
        };
        let exploded = taken("a.txt.bz2", &pack(b"hello"));
        assert_eq!(names(&exploded), ["a.txt.bz2", "a.txt"]);
        assert_eq!(exploded.found[1].file.content(), Some(&b"hello"[..]));
        assert_eq!(gaps(&taken("a.bz2", &pack(&vec![0; 9_000_000]))), ["the file holds more bytes than are unpacked"]);
        let cut = pack(b"hello");
        assert_eq!(gaps(&taken("a.bz2", &cut[..cut.len() - 4])), ["the file is damaged"]);
    }
}
