//! Bytes packed to be kept: compressed, with a checksum, alone or as what differs from other bytes.

use std::io::{self, Read, Write};

/// zstd's own default: the next levels cost twice the time for a twentieth of the bytes.
const LEVEL: i32 = 3;

/// The largest window that is written and read, as a power of two: one that holds a message of 64 MiB and the other
/// bytes of as many.
const WINDOW_LOG_MAX: u32 = 27;

/// Packs bytes. `near` is what they hardly differ from, and has to be there again when they are unpacked.
///
/// # Errors
/// The packer refuses, for want of memory.
pub fn pack(bytes: &[u8], near: Option<&[u8]>) -> io::Result<Vec<u8>> {
    let out = Vec::with_capacity(bytes.len() / 2);
    let mut packer = match near {
        Some(near) => zstd::Encoder::with_ref_prefix(out, LEVEL, near)?,
        None => zstd::Encoder::new(out, LEVEL)?,
    };
    if let Some(near) = near {
        // The whole of both must lie within the window.
        let both = (near.len() + bytes.len()).max(1).ilog2() + 1;
        packer.window_log(both.clamp(10, WINDOW_LOG_MAX))?;
        packer.long_distance_matching(true)?;
    }
    packer.include_checksum(true)?;
    packer.set_pledged_src_size(Some(bytes.len() as u64))?;
    packer.write_all(bytes)?;
    packer.finish()
}

/// Unpacks bytes, at most so many.
///
/// # Errors
/// They are damaged, more than that, or `near` is not what it was.
pub fn unpack(packed: &[u8], near: Option<&[u8]>, bytes_max: usize) -> io::Result<Vec<u8>> {
    let mut unpacker = match near {
        Some(near) => zstd::Decoder::with_ref_prefix(packed, near)?,
        None => zstd::Decoder::with_buffer(packed)?,
    };
    unpacker.window_log_max(WINDOW_LOG_MAX)?;
    let mut bytes = Vec::new();
    unpacker.take(bytes_max as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > bytes_max {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("more than {bytes_max} bytes are packed")));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(bytes: usize) -> Vec<u8> {
        let mut state = 7_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        };
        (0..bytes).map(|_| draw()).collect()
    }

    #[test]
    fn what_was_packed_comes_back() {
        for bytes in [Vec::new(), b"From: a@x.example\r\n\r\ntext\r\n".to_vec(), noise(3_000_000)] {
            let packed = pack(&bytes, None).expect("room");
            assert_eq!(unpack(&packed, None, bytes.len()).expect("whole"), bytes);
        }
    }

    #[test]
    fn what_hardly_differs_takes_hardly_any_room() {
        let near = noise(3_000_000);
        let bytes = [b"X-More: 1\r\n", &near[..2_000_000], b"!", &near[2_000_000..]].concat();
        let packed = pack(&bytes, Some(&near)).expect("room");
        assert!(packed.len() < 2_000, "{}", packed.len());
        assert_eq!(unpack(&packed, Some(&near), bytes.len()).expect("whole"), bytes);
        assert!(unpack(&packed, Some(&noise(2_999_999)), bytes.len()).is_err());
        assert!(unpack(&packed, None, bytes.len()).is_err());
    }

    #[test]
    fn what_is_damaged_or_too_much_is_refused() {
        let packed = pack(&noise(1_000), None).expect("room");
        assert!(unpack(&packed, None, 999).is_err());
        for at in 0..packed.len() {
            let mut broken = packed.clone();
            broken[at] ^= 1;
            assert!(unpack(&broken, None, 1_000).map_or(true, |bytes| bytes == noise(1_000)), "{at}");
            assert!(unpack(&packed[..at], None, 1_000).is_err(), "{at}");
        }
    }
}
