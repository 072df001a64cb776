//! Numbers and texts at places in bytes; what lies beyond the end is none.

/// A number of two bytes, the lowest first.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(usize::from(u16::from_le_bytes(bytes.try_into().ok()?)))
}

/// A number of four bytes, the lowest first.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
}

/// So many bytes at a place, or as many as there are.
pub(super) fn part(bytes: &[u8], at: usize, len: usize) -> &[u8] {
    let from = at.min(bytes.len());
    &bytes[from..from.saturating_add(len).min(bytes.len())]
}

/// Where a run of bytes stands, from a place on.
pub(super) fn find(bytes: &[u8], mark: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let (first, mark_rest) = mark.split_first()?;
    let mut at = 0;
    while let Some(found) = rest.get(at..)?.iter().position(|byte| byte == first) {
        at += found + 1;
        if rest[at..].starts_with(mark_rest) {
            return Some(from + at - 1);
        }
    }
    None
}

/// Bytes as text, Latin-1 where they are not UTF-8.
pub(super) fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Bytes as UTF-16, the lowest byte first, up to the first NUL.
pub(super) fn wide(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
    String::from_utf16_lossy(&units)
}

/// Bytes up to the first NUL.
pub(super) fn to_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beyond_the_end_is_none() {
        assert_eq!((u16_at(&[1, 2], 0), u16_at(&[1, 2], 1)), (Some(513), None));
        assert_eq!((u32_at(&[1, 0, 0, 0], 0), u32_at(&[1], usize::MAX)), (Some(1), None));
        assert_eq!((part(b"abc", 1, 9), part(b"abc", 9, 1)), (&b"bc"[..], &b""[..]));
    }

    #[test]
    fn marks_are_found_where_they_stand() {
        assert_eq!(find(b"aab", b"ab", 0), Some(1));
        assert_eq!(find(b"ab ab", b"ab", 1), Some(3));
        assert_eq!(find(b"ab", b"abc", 0), None);
        assert_eq!(find(b"ab", b"a", 9), None);
    }

    #[test]
    fn texts_are_read_in_their_encoding() {
        assert_eq!(text(b"\xe4"), "\u{e4}");
        assert_eq!(wide(b"a\0b\0\0\0c\0"), "ab");
        assert_eq!(to_nul(b"ab\0c"), b"ab");
    }
}
