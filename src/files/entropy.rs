//! Disorder of bytes.

/// Shannon's entropy of bytes, in bits a byte, from 0 to 8.
pub fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u64; 256];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    let all = bytes.len() as f64;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| *count as f64 / all);
    shares.map(|share| -share * share.log2()).sum::<f64>().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_has_none_and_all_bytes_alike_have_eight_bits() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!((entropy(b""), entropy(b"aaaa"), entropy(b"abab"), entropy(&all)), (0.0, 0.0, 1.0, 8.0));
    }
}
