//! Telephone numbers in a text.

use std::ops::Range;

/// Numbers looked at: a telephone list is no attack, and a hostile text could be all digits.
const NUMBERS_MAX: usize = 200;
/// Digits of a number with its area or country code (ITU-T E.164 allows 15).
const DIGITS: std::ops::RangeInclusive<usize> = 9..=15;
/// Characters of a written number, separators included.
const WRITTEN_MAX: usize = 24;

/// Last digits by which two spellings of one number are known for the same, with or without country code.
const TELLING_DIGITS: usize = 8;

/// A telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telephone {
    /// Its last eight digits: the same however country and area are written.
    pub number: String,
    /// Whether it stands in a quoted message.
    pub quoted: bool,
}

/// The telephone numbers of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Telephones {
    /// How many stand there, repetitions included.
    pub count: usize,
    /// The first 16 different ones.
    pub numbers: Vec<Telephone>,
}

/// Where telephone numbers stand in a text, and their last digits: digits in at least three groups, or after a `+`.
/// What lies within one of `others` is something else.
pub(super) fn find(text: &str, others: &[Range<usize>]) -> Vec<(usize, String)> {
    let bytes = text.as_bytes();
    let (mut at, mut looked, mut found) = (0, 0, Vec::new());
    while let Some(start) = bytes[at..].iter().position(|b| matches!(b, b'0'..=b'9' | b'+' | b'(')).map(|p| at + p) {
        let length = bytes[start..].iter().take_while(|b| is_written(**b)).count();
        at = start + length.max(1);
        looked += 1;
        if looked > NUMBERS_MAX {
            break;
        }
        // A number within a word, a link or an amount is none.
        let before = start.checked_sub(1).map(|i| bytes[i]);
        let free = !before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'=' | b'$' | b'_' | b'-'));
        if free && is_telephone(&bytes[start..at]) && !others.iter().any(|o| o.start < at && start < o.end) {
            found.push((start, telling(&text[start..at])));
        }
    }
    found
}

fn telling(written: &str) -> String {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(TELLING_DIGITS)..].to_owned()
}

fn is_written(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'(' | b')' | b'-' | b'.' | b' ' | b'/')
}

fn is_telephone(written: &[u8]) -> bool {
    let end = written.iter().rposition(u8::is_ascii_digit).map_or(0, |i| i + 1);
    let written = &written[..end];
    let digits = written.iter().filter(|b| b.is_ascii_digit()).count();
    let groups = written.split(|b| !b.is_ascii_digit()).filter(|group| group.len() > 1).count();
    // A day in ISO 8601, perhaps with its hour.
    let is_day = written.get(4) == Some(&b'-')
        && written.get(7) == Some(&b'-')
        && matches!(written[..2], [b'1', b'9'] | [b'2', b'0']);
    let is_address =
        written.iter().filter(|b| **b == b'.').count() == 3 && groups <= 4 && digits <= 12 && written.len() <= 15;
    written.len() <= WRITTEN_MAX
        && DIGITS.contains(&digits)
        && !is_address
        && !is_day
        && (groups >= 3 || written.starts_with(b"+"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: usize) {
        assert_eq!(find(text, &[]).len(), expected, "{text}");
    }

    #[test]
    fn numbers_are_found_as_people_write_them() {
        check("call +1 (808) 555-0142 or 808-555-0199.", 2);
        check("tel. +4930123456789", 1);
        check("dial 1-800-555-0100 now", 1);
        check("030 / 12 34 56 78", 1);
    }

    #[test]
    fn other_digits_are_none() {
        check("order 123456789012, https://a.example/808-555-0199/", 0);
        check("192.168.100.200 on 2026-01-10 10:30", 0);
        check("", 0);
        check("$100 200 300", 0);
    }

    #[test]
    fn spellings_of_one_number_are_the_same() {
        for spelling in ["+49 30 12345678", "030 / 123 456 78", "0049-30-1234-5678", "+49 (0)30 12 34 56 78"] {
            assert_eq!(find(spelling, &[])[0].1, "12345678", "{spelling}");
        }
    }

    #[test]
    fn what_is_something_else_is_no_telephone() {
        assert!(find("call 030 123 45678", &[7..10, 12..14]).is_empty());
        assert_eq!(find("call 030 123 45678", &[0..2, 2..5]).len(), 1);
    }

    #[test]
    fn numbers_have_a_limit() {
        assert_eq!(find(&"+4930123456789;".repeat(NUMBERS_MAX + 1), &[]).len(), NUMBERS_MAX);
        assert_eq!(find(&"+4930123456789;".repeat(NUMBERS_MAX), &[]).len(), NUMBERS_MAX);
    }
}
