//! International Bank Account Numbers (ISO 13616).

use std::ops::Range;

use super::{Account, AccountKind, Read};

/// Length by country, of the registry that SWIFT keeps; sorted.
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("AZ", 28),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BH", 22),
    ("BI", 27),
    ("BR", 29),
    ("BY", 28),
    ("CH", 21),
    ("CR", 22),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DJ", 27),
    ("DK", 18),
    ("DO", 28),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FK", 18),
    ("FO", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GI", 23),
    ("GL", 18),
    ("GR", 27),
    ("GT", 28),
    ("HN", 28),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IQ", 23),
    ("IS", 26),
    ("IT", 27),
    ("JO", 30),
    ("KW", 30),
    ("KZ", 20),
    ("LB", 28),
    ("LC", 32),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("LY", 25),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MN", 20),
    ("MR", 27),
    ("MT", 31),
    ("MU", 30),
    ("NI", 28),
    ("NL", 18),
    ("NO", 15),
    ("OM", 23),
    ("PK", 24),
    ("PL", 28),
    ("PS", 29),
    ("PT", 25),
    ("QA", 29),
    ("RO", 24),
    ("RS", 22),
    ("RU", 33),
    ("SA", 24),
    ("SC", 31),
    ("SD", 18),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("SO", 23),
    ("ST", 25),
    ("SV", 28),
    ("TL", 23),
    ("TN", 24),
    ("TR", 26),
    ("UA", 29),
    ("VA", 22),
    ("VG", 24),
    ("XK", 20),
    ("YE", 30),
];

/// The IBAN that begins with this word, in whatever groups it is written.
pub(super) fn read(text: &str, word: &Range<usize>) -> Read {
    let bytes = &text.as_bytes()[word.start..];
    let head: [u8; 4] = bytes.get(..4)?.try_into().ok()?;
    if !(head[..2].iter().all(u8::is_ascii_alphabetic) && head[2..].iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let code = text[word.start..word.start + 2].to_ascii_uppercase();
    let at = LENGTHS.binary_search_by_key(&code.as_str(), |(country, _)| country).ok()?;
    let (country, length) = LENGTHS[at];
    let (number, end) = collect(bytes, length)?;
    (remainder(&number) == 1).then(|| (Account::new(AccountKind::Iban, number, Some(country)), word.start + end))
}

/// So many letters and digits, single separators among them, with nothing of a word after: upper case, and where they
/// end.
fn collect(bytes: &[u8], length: usize) -> Option<(String, usize)> {
    let mut number = String::with_capacity(length);
    let (mut at, mut separated) = (0, false);
    while number.len() < length {
        match *bytes.get(at)? {
            byte if byte.is_ascii_alphanumeric() => {
                number.push(char::from(byte.to_ascii_uppercase()));
                separated = false;
            }
            b' ' | b'-' | b'.' if !separated => separated = true,
            _ => return None,
        }
        at += 1;
    }
    bytes.get(at).is_none_or(|next| !next.is_ascii_alphanumeric()).then_some((number, at))
}

/// The number modulo 97, the first four characters last, letters from 10 (ISO 7064, MOD 97-10).
fn remainder(number: &str) -> u32 {
    let (head, tail) = number.split_at(4);
    tail.chars().chain(head.chars()).fold(0, |rest, c| match c.to_digit(36) {
        Some(value @ 10..) => (rest * 100 + value) % 97,
        Some(value) => (rest * 10 + value) % 97,
        None => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::LENGTHS;

    #[test]
    fn numbers_are_read_in_any_spelling() {
        check("DE89 3704 0044 0532 0130 00", &["iban DE89370400440532013000"]);
        check("iban:gb29nwbk60161331926819.", &["iban GB29NWBK60161331926819"]);
        check("NO93-8601-1117-947", &["iban NO9386011117947"]);
        check("(MT84 MALT 0110 0001 2345 MTLC AST0 01S)", &["iban MT84MALT011000012345MTLCAST001S"]);
    }

    #[test]
    fn checksum_length_and_country_must_hold() {
        check("DE88 3704 0044 0532 0130 00", &[]);
        check("DE89 3704 0044 0532 0130 0", &[]);
        check("DE89 3704 0044 0532 0130 001", &[]);
        check("XX89 3704 0044 0532 0130 00", &[]);
        check("DE89  3704 0044 0532 0130 00", &[]);
        check("https://a.example/DE89370400440532013000", &[]);
    }

    #[test]
    fn countries_can_be_searched() {
        assert!(LENGTHS.is_sorted_by_key(|(country, _)| country));
    }
}
