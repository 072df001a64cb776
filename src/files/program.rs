//! Programs: their kind only, nothing of them is run or taken apart.

use super::kind::{Kind, Reading};

/// Programs.
pub(super) const KIND: Kind = Kind {
    flavors: &["program_file"],
    media_type: "application/octet-stream",
    is: |head| told(head.content).is_some(),
    read,
};

/// The media type and flavors of a program.
fn told(content: &[u8]) -> Option<(&'static str, &'static [&'static str])> {
    let mark = content.get(..4)?;
    match mark {
        [b'M', b'Z', ..] => Some(("application/x-dosexec", &["mz_file", "pe_file"])),
        b"\x7fELF" => Some(("application/x-executable", &["elf_file"])),
        // The mark of programs for several processors is that of Java too, whose version is higher than their number.
        b"\xca\xfe\xba\xbe" if content.get(7).is_some_and(|count| *count < 30) => {
            Some(("application/x-mach-binary", &["macho_file"]))
        }
        b"\xca\xfe\xba\xbe" => Some(("application/x-java-applet", &["java_file"])),
        b"\xfe\xed\xfa\xce" | b"\xfe\xed\xfa\xcf" | b"\xce\xfa\xed\xfe" | b"\xcf\xfa\xed\xfe" => {
            Some(("application/x-mach-binary", &["macho_file"]))
        }
        _ => None,
    }
}

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    if let Some((media_type, flavors)) = told(content) {
        reading.facts.media_type = Some(media_type);
        reading.facts.flavors.extend_from_slice(flavors);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::explode::tests::taken;

    #[test]
    fn programs_are_known_by_their_marks() {
        assert!(taken("a.txt", b"MZ\x90\0").found[0].facts.flavors.contains(&"mz_file"));
        assert_eq!(told(b"\xca\xfe\xba\xbe\0\0\0\x02").map(|told| told.1[0]), Some("macho_file"));
        assert_eq!(told(b"\xca\xfe\xba\xbe\0\0\0\x34").map(|told| told.1[0]), Some("java_file"));
        assert_eq!(told(b"MZ"), None);
    }
}
