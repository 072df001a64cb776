//! Accounts of the United States and the United Kingdom, which are known by the words around them.

use std::ops::{Range, RangeInclusive};

use super::{Account, AccountKind, Read, digits, stands_near};

/// Words before a routing number, lower case.
const ROUTING: &[&str] = &["routing", "aba", "rtn", "wire", "ach"];
/// Words before a sort code.
const SORT_CODE: &[&str] = &["sort code", "sort-code", "sortcode", "sort:"];
/// Words before an account's number.
const ACCOUNT: &[&str] = &["acc", "a/c"];
/// Bytes before a number in which such a word stands.
const REACH_BYTES: usize = 40;
/// Bytes around a bank's number in which that of the account stands: two lines.
const ACCOUNT_REACH_BYTES: usize = 160;

/// A routing number with the account's number beside it.
pub(super) fn united_states(text: &str, word: &Range<usize>) -> Read {
    let routing = &text[word.clone()];
    let sound = routing.len() == 9 && routing.bytes().all(|b| b.is_ascii_digit()) && is_routing(routing);
    if !sound || !stands_near(text, word, REACH_BYTES, 0, ROUTING) {
        return None;
    }
    let (account, end) = account_beside(text, word, 4..=17).unwrap_or((String::new(), word.end));
    let number = format!("{routing}/{account}");
    Some((Account::new(AccountKind::UnitedStates, number, Some("US")), end))
}

/// The checksum of the American Bankers Association, and the Federal Reserve districts that there are.
fn is_routing(number: &str) -> bool {
    let digits = number.bytes().map(|b| u32::from(b - b'0'));
    let sum: u32 = digits.zip([3, 7, 1].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    let district: u32 = number[..2].parse().unwrap_or(99);
    sum.is_multiple_of(10) && matches!(district, 1..=12 | 21..=32 | 61..=72 | 80)
}

/// A sort code with the account's number beside it.
pub(super) fn united_kingdom(text: &str, word: &Range<usize>) -> Read {
    if !matches!(word.len(), 2 | 6) || !text[word.clone()].bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (code, end) = digits(text, word.start, 6);
    // Six digits alone, or three pairs.
    let goes_on = text.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric);
    let is_whole = code.len() == 6 && !goes_on && matches!(end - word.start, 6 | 8);
    let span = word.start..end;
    if !is_whole || !stands_near(text, &span, REACH_BYTES, 0, SORT_CODE) {
        return None;
    }
    let (account, end) = account_beside(text, &span, 7..=8)?;
    Some((Account::new(AccountKind::UnitedKingdom, format!("{code}/{account}"), Some("GB")), end))
}

/// The number of the account that is named after or before a bank's number, and where both end.
fn account_beside(text: &str, bank: &Range<usize>, length: RangeInclusive<usize>) -> Option<(String, usize)> {
    let after = text.floor_char_boundary(bank.end + ACCOUNT_REACH_BYTES);
    let before = text.ceil_char_boundary(bank.start.saturating_sub(ACCOUNT_REACH_BYTES));
    let later = account_in(text, bank.end..after, &length);
    let earlier = || account_in(text, before..bank.start, &length).map(|(number, _)| (number, bank.end));
    later.or_else(earlier)
}

/// The number that follows a word for account within a stretch of text.
fn account_in(text: &str, within: Range<usize>, length: &RangeInclusive<usize>) -> Option<(String, usize)> {
    let lower = text[within.clone()].to_ascii_lowercase();
    let words = ACCOUNT.iter().flat_map(|word| lower.match_indices(word));
    words.into_iter().find_map(|(at, _)| {
        let rest = &lower.as_bytes()[at..];
        let start = rest.iter().take(REACH_BYTES).position(u8::is_ascii_digit)?;
        let (number, end) = digits(&lower, at + start, *length.end());
        let goes_on = lower.as_bytes().get(end).is_some_and(u8::is_ascii_alphanumeric);
        (!goes_on && length.contains(&number.len())).then_some((number, within.start + end))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn a_routing_number_takes_its_account() {
        check("Routing: 021000021\nAccount: 1234 5678 90", &["us 021000021/1234567890"]);
        check("Acct no. 000123456, ABA 026009593", &["us 026009593/000123456"]);
        check("wire to ABA 026009593", &["us 026009593/"]);
    }

    #[test]
    fn a_routing_number_needs_checksum_and_context() {
        check("routing 021000022, account 12345678", &[]);
        check("invoice 021000021, account 12345678", &[]);
        check("routing 990000009", &[]);
        check("routing 0210000210", &[]);
    }

    #[test]
    fn a_sort_code_needs_its_words_and_account() {
        check("Sort code: 12-34-56 Account number: 12345678", &["uk 123456/12345678"]);
        check("sort code 123456, a/c 1234567", &["uk 123456/1234567"]);
        check("account 12345678 (sort code 12 34 56)", &["uk 123456/12345678"]);
        check("on 12-34-56 account 12345678", &[]);
        check("sort code 12-34-56", &[]);
        check("sort code 12-34-5678 account 12345678", &[]);
    }
}
