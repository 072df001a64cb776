//! Streams that deflate packed, unpacked as far as there is room.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF as WHOLE,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::BROKEN;
use super::budget::Budget;

/// Unpacks a raw stream of deflate (RFC 1951).
pub(super) fn inflate(packed: &[u8], budget: &mut Budget<'_>) -> Vec<u8> {
    unpack(packed, WHOLE, budget)
}

/// Unpacks a stream with the head of zlib (RFC 1950).
pub(super) fn inflate_zlib(packed: &[u8], budget: &mut Budget<'_>) -> Vec<u8> {
    unpack(packed, WHOLE | TINFL_FLAG_PARSE_ZLIB_HEADER, budget)
}

/// What came out before something went wrong is kept: damage is to hide nothing.
fn unpack(packed: &[u8], flags: u32, budget: &mut Budget<'_>) -> Vec<u8> {
    let most = budget.room().saturating_add(1);
    let mut state = Box::<DecompressorOxide>::default();
    let mut out = vec![0; packed.len().saturating_mul(4).clamp(64, most.max(64))];
    let (mut read, mut written) = (0, 0);
    let status = loop {
        let (status, more_read, more_written) = decompress(&mut state, &packed[read..], &mut out, written, flags);
        read += more_read;
        written += more_written;
        if status != TINFLStatus::HasMoreOutput || out.len() >= most {
            break status;
        }
        out.resize(out.len().saturating_mul(2).min(most), 0);
    };
    let cut = written >= most;
    if !cut && status != TINFLStatus::Done {
        budget.note(BROKEN);
    }
    out.truncate(written.min(most - 1));
    budget.spend(out.len());
    budget.take(out.len(), cut);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Limits;

    #[test]
    fn a_stream_is_unpacked_as_far_as_there_is_room_and_as_it_is_sound() {
        let packed = miniz_oxide::deflate::compress_to_vec(&[b'a'; 1_000], 6);
        let all = Limits::default();
        let mut budget = Budget::new(&all, packed.len());
        assert_eq!(inflate(&packed, &mut budget).len(), 1_000);
        assert_eq!(budget.into_gaps(), []);
        let few = Limits { file_bytes_max: 999, ..Limits::default() };
        let mut budget = Budget::new(&few, packed.len());
        assert_eq!(inflate(&packed, &mut budget).len(), 999);
        assert_eq!(budget.into_gaps().len(), 1);
        let mut budget = Budget::new(&all, packed.len());
        inflate(&packed[..packed.len() - 2], &mut budget);
        assert_eq!(inflate_zlib(b"none", &mut budget), b"");
        assert_eq!(budget.into_gaps().len(), 1);
    }
}
