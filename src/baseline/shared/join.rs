//! What several hosts know of one key, made one.

use crate::baseline::key::{Key, Kind};
use crate::baseline::learner::Learner;
use crate::baseline::name::NameRecord;
use crate::baseline::overlay::Bytes;
use crate::baseline::record::Record;

use super::Others;

/// Longest record that is taken from another host, in bytes: twice that of full bounds. What is longer is damaged.
const RECORD_BYTES_MAX: usize = 8_192;
/// Records of other hosts that are joined.
const HOSTS_MAX: usize = 64;

/// Records one after another, each behind its length; `None` for none.
pub(super) fn packed<'a>(records: impl Iterator<Item = &'a [u8]>) -> Option<Bytes> {
    let mut bytes = Vec::new();
    for record in records.filter(|record| record.len() <= RECORD_BYTES_MAX).take(HOSTS_MAX) {
        bytes.extend_from_slice(&(record.len() as u16).to_le_bytes());
        bytes.extend_from_slice(record);
    }
    (!bytes.is_empty()).then(|| Bytes::from(bytes))
}

/// The records that were packed.
fn each(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (record, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        bytes = rest;
        Some(record)
    })
}

impl Learner {
    /// Adds what other hosts know to the rows that were read here; says where something cannot be read.
    pub fn join(&self, keys: &[Key], rows: &mut [Option<Bytes>], others: Others) -> Option<String> {
        let mut trouble = others.trouble.map(|why| format!("the shared store: {why}"));
        for ((key, row), theirs) in keys.iter().zip(rows).zip(others.rows) {
            let Some(theirs) = theirs else { continue };
            match self.joined(key, row.as_ref(), &theirs) {
                Some(sum) => *row = Some(sum),
                None => trouble = trouble.or_else(|| Some("a record of another host is damaged".to_owned())),
            }
        }
        trouble
    }

    /// A row with what is known of other hosts' without asking them.
    pub fn with_known(&self, key: &Key, row: Option<Bytes>) -> Option<Bytes> {
        let theirs = self.shared.get().and_then(|shared| shared.known(key));
        theirs.and_then(|theirs| self.joined(key, row.as_ref(), &theirs)).or(row)
    }

    /// `None` where a record cannot be read.
    fn joined(&self, key: &Key, mine: Option<&Bytes>, theirs: &[u8]) -> Option<Bytes> {
        let all = mine.map(|mine| &**mine).into_iter().chain(each(theirs));
        let encoded = if [Kind::Name as u8, Kind::Local as u8].contains(&key[0]) {
            let mut records = all.map(NameRecord::decode);
            let mut sum = records.next()??;
            for record in records {
                sum.merge(&record?, self.decay, self.bounds);
            }
            sum.encode()
        } else {
            let mut records = all.map(Record::decode);
            let mut sum = records.next()??;
            let decay = self.decay_of(key);
            for record in records {
                sum.merge(&record?, decay, self.bounds);
            }
            sum.encode()
        };
        Some(Bytes::from(encoded))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_records_are_read_again() {
        let check = |records: &[&[u8]], expected: &[&[u8]]| {
            let packed = packed(records.iter().copied());
            assert_eq!(packed.as_deref().map(|bytes| each(bytes).count()).unwrap_or(0), expected.len());
            assert!(packed.as_deref().is_none_or(|bytes| each(bytes).eq(expected.iter().copied())));
        };
        check(&[], &[]);
        check(&[b"a", b"", b"bcd"], &[b"a", b"", b"bcd"]);
        let (long, longest) = (vec![0; RECORD_BYTES_MAX + 1], vec![0; RECORD_BYTES_MAX]);
        check(&[&long, &longest], &[&longest]);
        check(&[b"a".as_slice(); 100], &[b"a".as_slice(); HOSTS_MAX]);
        assert_eq!(each(&[5, 0, 1]).count(), 0);
    }
}
