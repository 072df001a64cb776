//! Numbers of payment cards (ISO/IEC 7812).

use std::ops::Range;

use super::{Account, AccountKind, Read, digits, stands_near};

/// Digits of a number.
const DIGITS: Range<usize> = 13..20;
/// Bytes before and after a number in which its context stands.
const REACH_BYTES: (usize, usize) = (64, 48);
/// Words that stand beside a card's number and not beside that of an order, lower case.
const CONTEXT: &[&str] = &[
    "card",
    "visa",
    "maestro",
    "amex",
    "american express",
    "karte",
    "carte ",
    "tarjeta",
    "carta ",
    "cvv",
    "cvc",
    "expir",
];

/// The card's number that begins with this word.
pub(super) fn read(text: &str, word: &Range<usize>) -> Read {
    if !text.as_bytes()[word.start].is_ascii_digit() {
        return None;
    }
    let (number, end) = digits(text, word.start, DIGITS.end);
    let goes_on = text.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric);
    let sound = !goes_on && DIGITS.contains(&number.len()) && is_issued(&number) && luhn(&number);
    let span = word.start..end;
    // One number in ten satisfies the checksum: without context it is an order's or a parcel's.
    (sound && stands_near(text, &span, REACH_BYTES.0, REACH_BYTES.1, CONTEXT))
        .then(|| (Account::new(AccountKind::Card, number, None), end))
}

/// Whether a number begins and is as long as those that the large schemes issue.
fn is_issued(number: &str) -> bool {
    let prefix = |length: usize| number[..length].parse::<u32>().unwrap_or(0);
    match (prefix(1), prefix(2), prefix(4)) {
        (4, ..) => matches!(number.len(), 13 | 16 | 19),
        (_, 51..=55, _) | (_, _, 2221..=2720) => number.len() == 16,
        (_, 34 | 37, _) => number.len() == 15,
        (_, 36 | 38 | 39, _) | (_, _, 3000..=3059) => number.len() == 14,
        (_, 62 | 64 | 65, _) | (_, _, 6011) => (16..=19).contains(&number.len()),
        (_, 35, _) => number.len() == 16,
        (_, 50 | 56..=59 | 67, _) => true,
        _ => false,
    }
}

/// The checksum of ISO/IEC 7812-1, annex B.
fn luhn(number: &str) -> bool {
    let digits = number.bytes().rev().map(|b| u32::from(b - b'0')).enumerate();
    let sum: u32 = digits.map(|(i, d)| if i % 2 == 1 { d * 2 / 10 + d * 2 % 10 } else { d }).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn a_card_is_known_by_checksum_and_context() {
        check("my card: 4111 1111 1111 1111", &["card 4111111111111111"]);
        check("378282246310005 (Amex)", &["card 378282246310005"]);
        check("Kreditkarte 5555-5555-5555-4444.", &["card 5555555555554444"]);
    }

    #[test]
    fn other_numbers_are_none() {
        check("order 4111111111111111", &[]);
        check("card 4111 1111 1111 1112", &[]);
        check("card 9111 1111 1111 1111", &[]);
        check("card 41111111111111112222", &[]);
        check("card 411111111116", &[]);
    }
}
