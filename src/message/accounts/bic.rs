//! Business Identifier Codes of banks (ISO 9362), which have no checksum and are known by the word before them.

use super::{Account, AccountKind, Named};

/// Bytes between the word and the code: `SWIFT/BIC-Code (bank): `.
const REACH_BYTES: usize = 28;
/// Words looked at: a hostile text could repeat one for ever.
const MARKS_MAX: usize = 200;
/// Words by which a code is announced, lower case.
const MARKS: &[&str] = &["bic", "swift"];
/// What may stand between such a word and the code.
const BETWEEN: &[&str] = &["", "bic", "swift", "code", "number", "no", "nr", "bank", "address", "adresse", "is", "der"];

/// Country codes (ISO 3166-1 alpha-2), two letters each, and that of Kosovo.
const COUNTRIES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCN\
COCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRIS\
ITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNU\
NZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUG\
UMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

/// Whether a text may hold a code at all.
pub fn may_hold(text: &str) -> bool {
    marks(text).next().is_some()
}

/// The codes in a text.
pub(super) fn find(text: &str) -> impl Iterator<Item = Named> {
    let mut past = 0;
    marks(text).take(MARKS_MAX).filter_map(move |end| {
        let named = read(text, end).filter(|named| named.span.start >= past)?;
        past = named.span.end;
        Some(named)
    })
}

/// Where the words that announce a code end.
fn marks(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    // Of their letters these two are the rarest.
    let rare = |(_, b): &(usize, &u8)| matches!(**b | 0x20, b'b' | b'w');
    bytes.iter().enumerate().filter(rare).filter_map(move |(at, byte)| {
        let (start, mark) = if byte | 0x20 == b'b' { (at, MARKS[0]) } else { (at.checked_sub(1)?, MARKS[1]) };
        let end = start + mark.len();
        let same = bytes.get(start..end)?.eq_ignore_ascii_case(mark.as_bytes());
        (same && !is_letter(end) && !start.checked_sub(1).is_some_and(is_letter)).then_some(end)
    })
}

/// The code that follows the word which ends at `end`.
fn read(text: &str, end: usize) -> Option<Named> {
    let rest = &text[end..text.floor_char_boundary(end + REACH_BYTES + 11)];
    let mut announced = false;
    let mut at = 0;
    for word in rest.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if bare.is_empty() || BETWEEN.contains(&bare.to_ascii_lowercase().as_str()) {
            announced |= word.ends_with([':', '/', '(', '-', '=', '#']) || bare.eq_ignore_ascii_case("code");
            at += word.len();
            continue;
        }
        // Words in capitals have the shape as well: `SWIFT DELIVERY`.
        let telling = announced || bare.len() == 11 || bare.bytes().any(|b| b.is_ascii_digit());
        let country = country(bare).filter(|_| telling)?;
        // The main office of a bank has a code of eight characters, or of eleven with these three.
        let number = format!("{bare:X<11}");
        let start = end + at;
        let account = Account::new(AccountKind::Bic, number, Some(country));
        return Some(Named { account, span: start..start + bare.len() });
    }
    None
}

/// The country of a code; `None` where it is none.
fn country(code: &str) -> Option<&str> {
    let upper = code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !upper || !matches!(code.len(), 8 | 11) || !code[..6].bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let country = &code[4..6];
    COUNTRIES.as_bytes().chunks(2).any(|known| known == country.as_bytes()).then_some(country)
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;

    #[test]
    fn a_code_is_known_by_the_word_before_it() {
        check("BIC: DEUTDEFF", &["bic DEUTDEFFXXX"]);
        check("Swift/BIC code CHASUS33XXX", &["bic CHASUS33XXX"]);
        check("bic (swift) : NWBKGB2L", &["bic NWBKGB2LXXX"]);
        check("DEUTDEFF", &[]);
        check("BIC: deutdeff", &[]);
        check("arabic: DEUTDEFF", &[]);
    }

    #[test]
    fn words_are_no_codes() {
        check("a SWIFT DELIVERY of goods", &[]);
        check("BIC: DEUTZZFF", &[]);
        check("BIC: DEUTDEF", &[]);
        check("swift response code expected", &[]);
    }

    #[test]
    fn searching_has_a_limit() {
        let codes = |count: usize| "BIC: DEUTDEFF\n".repeat(count);
        assert_eq!(find(&codes(MARKS_MAX)).count(), MARKS_MAX);
        assert_eq!(find(&codes(MARKS_MAX + 1)).count(), MARKS_MAX);
        assert!(may_hold("the bic") && !may_hold("arabica swiftly"));
    }
}
