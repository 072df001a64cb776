//! Accounts to which money can be sent, as a text names them: only those whose checksum or context holds.

use std::fmt;
use std::ops::Range;

pub(super) mod bic;
mod card;
mod coin;
mod domestic;
mod iban;

/// Words with a digit that are looked at: a price list has some hundred, a hostile text could be nothing else.
const WORDS_MAX: usize = 2_000;
/// Longest word of which the beginning is sought: the longest address of a purse has 90 characters (BIP 173).
const WORD_BYTES_MAX: usize = 90;
/// Accounts found in one text before the search ends.
const FOUND_MAX: usize = 32;

/// What kind of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// International Bank Account Number (ISO 13616).
    Iban,
    /// A bank by its Business Identifier Code (ISO 9362); names no account by itself.
    Bic,
    /// An account at a bank of the United States, by its routing number; without account number the bank alone.
    UnitedStates,
    /// An account at a bank of the United Kingdom, by its sort code.
    UnitedKingdom,
    /// A payment card (ISO/IEC 7812).
    Card,
    /// A Bitcoin address.
    Bitcoin,
    /// An Ethereum address.
    Ethereum,
}

impl AccountKind {
    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Iban => "iban",
            Self::Bic => "bic",
            Self::UnitedStates => "us",
            Self::UnitedKingdom => "uk",
            Self::Card => "card",
            Self::Bitcoin => "bitcoin",
            Self::Ethereum => "ethereum",
        }
    }

    /// Whether it belongs to a purse of cryptocurrency.
    pub fn is_crypto(self) -> bool {
        matches!(self, Self::Bitcoin | Self::Ethereum)
    }
}

/// An account that a message names.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// What kind of account.
    pub kind: AccountKind,
    /// Its number without spaces, the same in every spelling. It is nowhere stored or printed as it is.
    pub number: String,
    /// The country of the bank (ISO 3166-1 alpha-2); `None` for cards and purses.
    pub country: Option<String>,
    /// Whether it stands only in a quoted message.
    pub quoted: bool,
}

impl Account {
    fn new(kind: AccountKind, number: String, country: Option<&str>) -> Self {
        Self { kind, number, country: country.map(str::to_owned), quoted: false }
    }

    /// The text by which it is known again: kind and number.
    pub fn identity(&self) -> String {
        format!("{} {}", self.kind.name(), self.number)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Account({})", self.kind.name())
    }
}

/// An account and where it stands.
pub(super) struct Named {
    pub account: Account,
    pub span: Range<usize>,
}

/// What a reader of one kind finds: the account and where it ends.
type Read = Option<(Account, usize)>;

/// The accounts in a text, in reading order.
pub(super) fn find(text: &str) -> Vec<Named> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut looked) = (0, 0);
    while let Some(digit) = bytes[at..].iter().position(u8::is_ascii_digit).map(|p| at + p) {
        let before = bytes[at..digit].iter().rev().take(WORD_BYTES_MAX).take_while(|b| b.is_ascii_alphanumeric());
        let start = digit - before.count();
        let end = digit + bytes[digit..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        looked += 1;
        if looked > WORDS_MAX || found.len() >= FOUND_MAX {
            break;
        }
        at = end;
        if let Some((account, past)) = read(text, start..end) {
            at = past.max(end);
            found.push(Named { account, span: start..at });
        }
    }
    let taken: Vec<_> = found.iter().map(|named| named.span.clone()).collect();
    found.extend(bic::find(text).filter(|bic| !taken.iter().any(|span| span.contains(&bic.span.start))));
    found.sort_by_key(|named| named.span.start);
    found
}

/// The account that begins with the word at `word`.
fn read(text: &str, word: Range<usize>) -> Read {
    let bytes = text.as_bytes();
    let starts_free = word.start.checked_sub(1).is_none_or(|i| !matches!(bytes[i], b'/' | b'=' | b'_' | b'-' | b'%'));
    // What stands in a link is a name of something there; an address of a purse is none by chance.
    coin::read(text, &word).or_else(|| {
        let readers = [iban::read, card::read, domestic::united_states, domestic::united_kingdom];
        starts_free.then(|| readers.iter().find_map(|read| read(text, &word)))?
    })
}

/// Whether one of `words` (lower case) stands within so many bytes before `at`, or after `end`.
fn stands_near(text: &str, span: &Range<usize>, before: usize, after: usize, words: &[&str]) -> bool {
    let left = text[text.ceil_char_boundary(span.start.saturating_sub(before))..span.start].to_ascii_lowercase();
    let right = text[span.end..text.floor_char_boundary(span.end + after)].to_ascii_lowercase();
    words.iter().any(|word| left.contains(word) || right.contains(word))
}

/// Reads digits, single spaces or dashes among them, from `start`: where they end, and the digits.
fn digits(text: &str, start: usize, digits_max: usize) -> (String, usize) {
    let bytes = text.as_bytes();
    let (mut found, mut at, mut end) = (String::new(), start, start);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' if found.len() < digits_max => {
                found.push(char::from(*byte));
                end = at + 1;
            }
            b' ' | b'-' if at == end && at > start => {}
            _ => break,
        }
        at += 1;
    }
    (found, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The accounts in a text, each as kind and number.
    #[track_caller]
    pub(super) fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = find(text).iter().map(|named| named.account.identity()).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn accounts_are_found_in_reading_order() {
        check(
            "BIC: COBADEFFXXX, IBAN: DE89 3704 0044 0532 0130 00; card 4111 1111 1111 1111",
            &["bic COBADEFFXXX", "iban DE89370400440532013000", "card 4111111111111111"],
        );
        check("no account here, on 2026-01-10 at 10:30 in room 5", &[]);
        check("", &[]);
    }

    #[test]
    fn the_country_is_the_banks() {
        let country = |text: &str| find(text).first().and_then(|named| named.account.country.clone());
        assert_eq!(country("FR1420041010050500013M02606").as_deref(), Some("FR"));
        assert_eq!(country("SWIFT: CHASUS33").as_deref(), Some("US"));
        assert_eq!(country("card 4111 1111 1111 1111"), None);
    }

    #[test]
    fn hostile_text_costs_little_and_never_fails() {
        let ibans = "DE89370400440532013000 ".repeat(FOUND_MAX + 10);
        assert_eq!(find(&ibans).len(), FOUND_MAX);
        let late = format!("{}DE89370400440532013000", "1 ".repeat(WORDS_MAX - 1));
        assert_eq!(find(&late).len(), 1);
        assert!(find(&format!("1 {late}")).is_empty());
        for text in ["DE89", "0x", "bc1", "é1é", "1\u{300}2", &"9".repeat(70_000), &"bic ".repeat(20_000)] {
            assert!(find(text).is_empty());
        }
    }
}
