//! Addresses of purses: Bitcoin (base58check, BIP 173, BIP 350) and Ethereum (EIP-55).

use std::ops::Range;

use sha2::{Digest, Sha256};
use sha3::Keccak256;

use super::{Account, AccountKind, Read};

/// Alphabet of base58: no 0, O, I and l.
const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// Alphabet of bech32.
const BECH32: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Lengths of a base58check address: 25 bytes with their version.
const BASE58_CHARS: Range<usize> = 25..36;
/// Lengths of a bech32 address.
const BECH32_CHARS: Range<usize> = 14..91;

/// The address that this word is.
pub(super) fn read(text: &str, word: &Range<usize>) -> Read {
    let address = &text[word.clone()];
    let kind = if address.len() == 42 && address.starts_with("0x") {
        is_ethereum(&address[2..]).then_some(AccountKind::Ethereum)?
    } else if address.starts_with(['1', '3']) && BASE58_CHARS.contains(&address.len()) {
        is_base58check(address).then_some(AccountKind::Bitcoin)?
    } else if address.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("bc1")) {
        is_bech32(address).then_some(AccountKind::Bitcoin)?
    } else {
        return None;
    };
    // Case is part of a base58 address alone.
    let number = if address.starts_with(['1', '3']) { address.to_owned() } else { address.to_ascii_lowercase() };
    Some((Account::new(kind, number, None), word.end))
}

/// Twenty bytes in hexadecimal: of one case, or of that which the hash of the address asks for.
fn is_ethereum(hex: &str) -> bool {
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return false;
    }
    let lower = hex.to_ascii_lowercase();
    if hex == lower || hex == hex.to_ascii_uppercase() {
        // A hash of digits alone is one of something else.
        return hex.bytes().any(|b| b.is_ascii_alphabetic());
    }
    let hash = Keccak256::digest(lower.as_bytes());
    hex.bytes().enumerate().filter(|(_, b)| b.is_ascii_alphabetic()).all(|(i, b)| {
        let nibble = hash[i / 2] >> (4 * (1 - i % 2)) & 0xf;
        b.is_ascii_uppercase() == (nibble >= 8)
    })
}

/// Whether the last four of 25 bytes are those of the others' double SHA-256, and the version one of Bitcoin's.
fn is_base58check(address: &str) -> bool {
    let mut bytes = [0u8; 25];
    for c in address.bytes() {
        let Some(digit) = BASE58.iter().position(|known| *known == c) else { return false };
        let mut carry = digit as u32;
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            *byte = carry as u8;
            carry >>= 8;
        }
        if carry > 0 {
            return false;
        }
    }
    let check = Sha256::digest(Sha256::digest(&bytes[..21]));
    matches!(bytes[0], 0 | 5) && check[..4] == bytes[21..]
}

/// The checksum of BIP 173, or that of BIP 350 for later versions of witness.
fn is_bech32(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    if !BECH32_CHARS.contains(&address.len()) || (address != lower && address != address.to_ascii_uppercase()) {
        return false;
    }
    // The human-readable part `bc`, spread.
    let mut sum = [3, 3, 0, 2, 3].into_iter().fold(1, step);
    for c in lower.bytes().skip(3) {
        let Some(value) = BECH32.iter().position(|known| *known == c) else { return false };
        sum = step(sum, value as u32);
    }
    let first_version = lower.as_bytes()[3] == b'q';
    sum == if first_version { 1 } else { 0x2bc8_30a3 }
}

/// One step of the BCH code.
fn step(sum: u32, value: u32) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let top = sum >> 25;
    let next = (sum & 0x01ff_ffff) << 5 ^ value;
    GENERATOR.iter().enumerate().filter(|(i, _)| top >> i & 1 == 1).fold(next, |sum, (_, term)| sum ^ term)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn bitcoin_addresses_are_known_by_their_checksums() {
        check("send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa.", &["bitcoin 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]);
        check("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", &["bitcoin 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"]);
        check("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", &["bitcoin bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"]);
        check(
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            &["bitcoin bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"],
        );
    }

    #[test]
    fn a_changed_letter_makes_none() {
        check("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", &[]);
        check("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", &[]);
        check("bc1qw508d6qejxtdg4y5r3zarvarY0c5xw7kv8f3t4", &[]);
        check("111111111111111111111111111111111111", &[]);
    }

    #[test]
    fn ethereum_addresses_are_of_one_case_or_of_the_right_ones() {
        let known = "ethereum 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
        check("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", &[known]);
        check("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", &[known]);
        check("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED", &[known]);
        check("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", &[]);
        check("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae", &[]);
        check("0x1111111111111111111111111111111111111111", &[]);
    }
}
