//! Reading the bytes of a record, which may be of another version or broken.

use crate::mail::Moment;

/// The unread rest of a record. Every read says `None` where the bytes end too soon.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    #[cfg(test)]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The rest of a record of the version given; `None` for another version.
    pub fn of_version(bytes: &'a [u8], version: u8) -> Option<Self> {
        let (&found, rest) = bytes.split_first()?;
        (found == version).then_some(Self { rest })
    }

    pub fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// A count as [`put_count`] writes it.
    pub fn count(&mut self) -> Option<u32> {
        let mut count = 0u64;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.u8()?;
            count |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(count).ok();
            }
        }
        None
    }

    pub fn key(&mut self) -> Option<[u8; 16]> {
        self.array()
    }

    pub fn moment(&mut self) -> Option<Moment> {
        self.array().map(|bytes| Moment(i64::from_le_bytes(bytes)))
    }

    /// A weight: finite and not negative, so that no broken record can poison sums for ever.
    pub fn weight(&mut self) -> Option<f32> {
        let weight = f32::from_le_bytes(self.array()?);
        (weight.is_finite() && weight >= 0.0).then_some(weight)
    }

    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }
}

/// Appends a count: seven bits a byte, since most are small.
pub(super) fn put_count(bytes: &mut Vec<u8>, mut count: u32) {
    while count > 0x7F {
        bytes.push(count as u8 | 0x80);
        count >>= 7;
    }
    bytes.push(count as u8);
}

/// Appends a moment.
pub(super) fn put_moment(bytes: &mut Vec<u8>, moment: Moment) {
    bytes.extend_from_slice(&moment.0.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_stops_at_the_end() {
        let mut reader = Reader::new(&[1, 2, 0, 0, 0, 9]);
        assert_eq!((reader.u8(), reader.u32(), reader.u32()), (Some(1), Some(2), None));
        assert!(!reader.is_at_end());
        assert_eq!(reader.u8(), Some(9));
        assert!(reader.is_at_end());
    }

    #[test]
    fn counts_survive() {
        for count in [0, 1, 127, 128, 16_383, 16_384, u32::MAX - 1, u32::MAX] {
            let mut bytes = Vec::new();
            put_count(&mut bytes, count);
            assert_eq!(Reader::new(&bytes).count(), Some(count));
            assert_eq!(Reader::new(&bytes[..bytes.len() - 1]).count(), None);
        }
        assert_eq!(Reader::new(&[0xFF, 0xFF, 0xFF, 0xFF, 0x7F]).count(), None, "it does not fit");
        assert_eq!(Reader::new(&[0x80; 9]).count(), None, "it does not end");
    }

    #[test]
    fn other_versions_are_not_read() {
        assert!(Reader::of_version(&[1, 2], 1).is_some());
        assert!(Reader::of_version(&[2, 2], 1).is_none());
        assert!(Reader::of_version(&[], 1).is_none());
    }

    fn check(weight: f32, expected: Option<f32>) {
        assert_eq!(Reader::new(&weight.to_le_bytes()).weight(), expected);
    }

    #[test]
    fn weights_are_sane() {
        check(0.0, Some(0.0));
        check(1.5, Some(1.5));
        check(-1.0, None);
        check(f32::NAN, None);
        check(f32::INFINITY, None);
    }
}
