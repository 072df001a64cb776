//! Archives of tar, in the forms ustar, GNU and pax (POSIX.1-2017).

use super::BROKEN;
use super::bytes::{part, text, to_nul};
use super::kind::{Kind, Reading};

/// Archives of tar.
pub(super) const KIND: Kind = Kind {
    flavors: &["tar_file"],
    media_type: "application/x-tar",
    is: |head| head.has(257, b"ustar"),
    read,
};

/// Bytes of a block.
const BLOCK: usize = 512;

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let (mut at, mut long_name) = (0, None::<String>);
    while let Some(head) = content.get(at..at + BLOCK).filter(|head| head.iter().any(|byte| *byte != 0)) {
        let Some(bytes) = number(&head[124..136]) else {
            reading.budget.note(BROKEN);
            return;
        };
        let member = part(content, at + BLOCK, bytes);
        if member.len() < bytes {
            reading.budget.note(BROKEN);
        }
        let name = || match (text(to_nul(&head[345..500])), text(to_nul(&head[..100]))) {
            (folder, name) if head[257..].starts_with(b"ustar\0") && !folder.is_empty() => format!("{folder}/{name}"),
            (_, name) => name,
        };
        match head[156] {
            b'L' => long_name = Some(text(to_nul(member))),
            b'x' => long_name = pax_path(member).or(long_name),
            b'0' | 0 | b'7' => {
                let name = long_name.take().unwrap_or_else(name);
                reading.copy(name, member);
            }
            _ => long_name = None,
        }
        at = at.saturating_add(BLOCK).saturating_add(bytes.div_ceil(BLOCK).saturating_mul(BLOCK));
        if at >= content.len() || !reading.budget.spend(BLOCK) {
            return;
        }
    }
}

/// A number in octal digits, or in binary where its first bit is set.
fn number(field: &[u8]) -> Option<usize> {
    if field[0] & 0x80 != 0 {
        return field[4..].iter().try_fold(0_usize, |sum, byte| Some(sum.checked_mul(256)? | usize::from(*byte)));
    }
    let digits = text(to_nul(field));
    let digits = digits.trim();
    if digits.is_empty() { Some(0) } else { usize::from_str_radix(digits, 8).ok() }
}

/// The path in a record of pax: lines `length path=…`.
fn pax_path(records: &[u8]) -> Option<String> {
    let records = text(records);
    records.lines().find_map(|line| line.split_once(" path=").map(|(_, path)| path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::explode::tests::{gaps, names, taken};

    fn member(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
        let mut head = vec![0; BLOCK];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        head[156] = kind;
        head[257..263].copy_from_slice(b"ustar\0");
        head.extend_from_slice(content);
        head.resize(head.len().div_ceil(BLOCK) * BLOCK, 0);
        head
    }

    #[test]
    fn members_are_unpacked_under_their_long_names() {
        let parts = [
            member("a.txt", b'0', b"hello"),
            member("././@LongLink", b'L', b"long/name.js\0"),
            member("short", b'0', b"var x"),
            member("pax", b'x', b"21 path=other/name\n"),
            member("short", b'0', b"more"),
            member("folder", b'5', b""),
            vec![0; 1_024],
        ];
        let exploded = taken("a.tar", &parts.concat());
        assert_eq!(names(&exploded), ["a.tar", "a.txt", "long/name.js", "other/name"]);
        assert_eq!(exploded.found[1].file.content(), Some(&b"hello"[..]));
    }

    #[test]
    fn a_lying_length_ends_with_the_file() {
        let mut lying = member("a.txt", b'0', b"hello");
        lying[124..135].copy_from_slice(b"77777777777");
        assert_eq!(gaps(&taken("a.tar", &lying)), ["the file is damaged"]);
        lying[124..135].copy_from_slice(b"x7777777777");
        assert_eq!(gaps(&taken("a.tar", &lying)), ["the file is damaged"]);
        lying[124..136].fill(0xff);
        assert_eq!(gaps(&taken("a.tar", &lying)), ["the file is damaged"]);
    }
}
