//! Archives of RAR, of which only the list is read: the packing is not free.

use super::bytes::{part, text, u16_at, u32_at};
use super::kind::{Kind, Reading};

/// Archives of RAR.
pub(super) const KIND: Kind =
    Kind { flavors: &["rar_file"], media_type: "application/vnd.rar", is: |head| head.begins(b"Rar!\x1a\x07"), read };

/// Blocks that are read.
const BLOCKS_MAX: usize = 10_000;

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let (files, encrypted) = if part(content, 6, 1) == [1] { fifth(content) } else { fourth(content) };
    reading.budget.note("archives of RAR are listed, not unpacked");
    if encrypted {
        reading.facts.flavors.push("encrypted_rar");
        reading.budget.note("the archive wants a password");
    }
    for (name, bytes) in files {
        reading.facts.metadata.add("ArchivedFileName", &name);
        reading.list(name, bytes);
    }
}

/// Names and sizes, and whether something is encrypted.
type Listing = (Vec<(String, usize)>, bool);

/// The older form, of versions 1.5 to 4.
fn fourth(content: &[u8]) -> Listing {
    let (mut at, mut files, mut encrypted) = (7, Vec::new(), false);
    for _ in 0..BLOCKS_MAX {
        let head = |place: usize| u16_at(content, at + place);
        let (Some(kind), Some(flags), Some(len)) = (content.get(at + 2), head(3), head(5)) else { break };
        let mut behind = 0;
        match kind {
            0x73 => encrypted |= flags & 0x80 != 0,
            0x74 => {
                let (Some(packed), Some(bytes), Some(named)) = (u32_at(content, at + 7), u32_at(content, at + 11), head(26))
                else {
                    break;
                };
                encrypted |= flags & 4 != 0;
                let name = part(content, at + if flags & 0x100 != 0 { 40 } else { 32 }, named);
                // A name in Unicode stands behind one in the old character set.
                let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
                files.push((text(name), bytes));
                behind = packed;
            }
            0x7b => break,
            _ if flags & 0x8000 != 0 => behind = u32_at(content, at + 7).unwrap_or(0),
            _ => {}
        }
        at = at.saturating_add(len.max(7)).saturating_add(behind);
    }
    (files, encrypted)
}

/// The form of version 5.
fn fifth(content: &[u8]) -> Listing {
    let (mut at, mut files, mut encrypted) = (8_usize, Vec::new(), false);
    for _ in 0..BLOCKS_MAX {
        let mut place = at.saturating_add(4);
        let Some(len) = number(content, &mut place) else { break };
        let end = place.saturating_add(len);
        let mut next = || number(content, &mut place);
        let (Some(kind), Some(flags)) = (next(), next()) else { break };
        let extra = if flags & 1 != 0 { next().unwrap_or(0) } else { 0 };
        let behind = if flags & 2 != 0 { next().unwrap_or(0) } else { 0 };
        match kind {
            2 => {
                let (Some(about), Some(bytes), Some(_)) = (next(), next(), next()) else { break };
                place += if about & 2 != 0 { 4 } else { 0 } + if about & 4 != 0 { 4 } else { 0 };
                let mut next = || number(content, &mut place);
                let (Some(_), Some(_), Some(named)) = (next(), next(), next()) else { break };
                files.push((text(part(content, place, named)), bytes));
                // The record of encryption is the first of the extra area.
                let mut record = end.saturating_sub(extra);
                encrypted |= extra > 0 && number(content, &mut record).is_some() && number(content, &mut record) == Some(1);
            }
            4 => {
                encrypted = true;
                break;
            }
            5 => break,
            _ => {}
        }
        at = end.saturating_add(behind);
    }
    (files, encrypted)
}

/// A number of seven bits a byte, the lowest first.
fn number(content: &[u8], at: &mut usize) -> Option<usize> {
    let mut number = 0_u64;
    for shift in (0..63).step_by(7) {
        let byte = *content.get(*at)?;
        *at += 1;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(number).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::files::explode::tests::{gaps, names, taken};

    #[test]
    fn the_older_form_is_listed() {
        let mut rar = b"Rar!\x1a\x07\0".to_vec();
        rar.extend_from_slice(b"\0\0\x73\0\0\x0d\0\0\0\0\0\0\0");
        rar.extend_from_slice(b"\0\0\x74\x04\x80\x25\0\x03\0\0\0\x09\0\0\0\0\0\0\0\0\0\0\0\0\x1d\x33\x05\0\0\0\0\0a.exeXYZ");
        let exploded = taken("a.rar", &rar);
        assert_eq!(names(&exploded), ["a.rar", "a.exe"]);
        assert_eq!((exploded.found[1].file.bytes, exploded.found[1].file.content()), (9, None));
        assert!(gaps(&exploded).contains(&"the archive wants a password"));
        assert_eq!(exploded.found[0].facts.metadata.value("ArchivedFileName"), Some("a.exe"));
    }

    #[test]
    fn the_newer_form_is_listed() {
        let mut rar = b"Rar!\x1a\x07\x01\0".to_vec();
        rar.extend_from_slice(b"CRC_\x0c\x02\x02\x03\0\x09\0\0\0\x04a.jsXYZ");
        let exploded = taken("a.rar", &rar);
        assert_eq!(names(&exploded), ["a.rar", "a.js"]);
        assert_eq!(gaps(&exploded), ["archives of RAR are listed, not unpacked"]);
    }
}
