//! The address of a cryptocurrency wallet is named.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};
use sha2::{Digest, Sha256};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the address of a cryptocurrency wallet is named",
    "For extortion. Number of Bitcoin addresses whose checksum is right (Base58Check, BIP 173 and 350) and of \
     Ethereum addresses.",
    measure,
)
.of(Category::Extortion)
.prior(0.75);

/// Lengths of addresses: the shortest of Base58Check, the longest of BIP 173.
const RUN_MIN: usize = 26;
const RUN_MAX: usize = 90;
/// Runs of letters and digits examined, since each costs two hashes; an attack names one or two wallets.
const RUNS_MAX: usize = 200;
/// More wallets tell nothing more.
const WALLETS_MAX: usize = 5;
const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// Version byte, 20 bytes of hash, 4 bytes of checksum.
fn is_base58(run: &[u8]) -> bool {
    if run.len() > 35 || !matches!(run[0], b'1' | b'3') {
        return false;
    }
    let mut bytes = [0_u8; 25];
    for digit in run {
        let Some(mut carry) = BASE58.iter().position(|b| b == digit) else { return false };
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = (carry & 255) as u8;
            carry >>= 8;
        }
        if carry > 0 {
            return false;
        }
    }
    let checksum = Sha256::digest(Sha256::digest(&bytes[..21]));
    checksum[..4] == bytes[21..]
}

/// BIP 173: a polynomial over the five-bit groups leaves 1, or the constant of BIP 350.
fn is_bech32(run: &[u8]) -> bool {
    if !run[..3].eq_ignore_ascii_case(b"bc1") {
        return false;
    }
    let mut values = vec![3, 3, 0, 2, 3];
    for byte in &run[3..] {
        let Some(value) = BECH32.iter().position(|b| b.eq_ignore_ascii_case(byte)) else { return false };
        values.push(value as u32);
    }
    let sum = values.into_iter().fold(1_u32, |sum, value| {
        let top = sum >> 25;
        let generators = [0x3b6a_57b2_u32, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
        let next = ((sum & 0x1ff_ffff) << 5) ^ value;
        generators.iter().enumerate().fold(next, |n, (i, g)| if top >> i & 1 == 1 { n ^ g } else { n })
    });
    sum == 1 || sum == 0x2bc8_30a3
}

/// Twenty bytes in hexadecimal; its checksum lies in the case of letters and needs a hash not worth its code here.
fn is_ethereum(run: &[u8]) -> bool {
    run.len() == 42 && run.starts_with(b"0x") && run[2..].iter().all(u8::is_ascii_hexdigit)
}

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let text = evidence.shown().as_bytes();
    let mut wallets: Vec<&[u8]> = Vec::new();
    let (mut at, mut looked) = (RUN_MIN - 1, 0);
    // A run of at least so many letters and digits covers one of the places that stand so far apart.
    while at < text.len() && looked < RUNS_MAX && wallets.len() < WALLETS_MAX {
        let after = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let before = text[..at].iter().rev().take_while(|b| b.is_ascii_alphanumeric()).count();
        let run = if after == 0 { &[][..] } else { &text[at - before..at + after] };
        at += after.max(1).next_multiple_of(RUN_MIN);
        if !(RUN_MIN..=RUN_MAX).contains(&run.len()) {
            continue;
        }
        looked += 1;
        if !wallets.contains(&run) && (is_base58(run) || is_bech32(run) || is_ethereum(run)) {
            wallets.push(run);
        }
    }
    count(wallets.len())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn addresses_with_a_right_checksum_are_wallets() {
        check(module_path!(), mail().text("send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa now"), Some(1.0));
        check(
            module_path!(),
            mail().text("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq, 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
            Some(2.0),
        );
        check(module_path!(), mail().text("0x52908400098527886E0F7030069857D2E4169EE7"), Some(1.0));
    }

    #[test]
    fn a_wrong_digit_makes_none() {
        check(
            module_path!(),
            mail().text("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdx"),
            Some(0.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
