//! Sums of money in a text.

/// Numbers looked at: a price list has a few hundred, and a hostile text could be all numbers.
const NUMBERS_MAX: usize = 500;
/// Bytes looked at before and after a number for its currency: `us dollars` behind `10.5 million`.
const REACH_BYTES: usize = 24;

/// Marks of a currency before or after a number.
const CURRENCIES: &[&str] = &[
    "$",
    "€",
    "£",
    "¥",
    "usd",
    "eur",
    "euro",
    "euros",
    "gbp",
    "dollar",
    "dollars",
    "pound",
    "pounds",
    "chf",
    "us dollar",
    "us dollars",
    "u.s. dollars",
    "united states dollars",
    "us$",
    "pounds sterling",
    "dólares",
    "dollars us",
];

/// Words that multiply a number.
const MULTIPLES: &[(&str, f64)] = &[
    ("thousand", 1e3),
    ("million", 1e6),
    ("millions", 1e6),
    ("millionen", 1e6),
    ("millones", 1e6),
    ("mio", 1e6),
    ("billion", 1e9),
    ("billions", 1e9),
    ("mm", 1e6),
    ("bn", 1e9),
    ("k", 1e3),
    ("m", 1e6),
];

/// The sums of money of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amounts {
    /// How many.
    pub count: usize,
    /// The largest, in whatever currency.
    pub largest: f64,
}

/// Finds sums of money in a text of the form of [`super::normalise`].
pub fn amounts(text: &str) -> Amounts {
    let mut found = Amounts::default();
    let bytes = text.as_bytes();
    let (mut at, mut numbers) = (0, 0);
    while let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|p| at + p) {
        let length = bytes[start..].iter().take_while(|b| matches!(b, b'0'..=b'9' | b'.' | b',' | b'\'')).count();
        at = start + length;
        numbers += 1;
        if numbers > NUMBERS_MAX {
            break;
        }
        if let Some(value) = money(text, start, at) {
            found.count += 1;
            found.largest = found.largest.max(value);
        }
    }
    found
}

/// The value of the number at `start..end` where a currency stands beside it.
fn money(text: &str, start: usize, end: usize) -> Option<f64> {
    let before = text[text.ceil_char_boundary(start.saturating_sub(REACH_BYTES))..start].trim_end();
    let mut after = text[end..text.floor_char_boundary(end + REACH_BYTES)].trim_start();
    // Most numbers stand beside no letter and no mark with which a currency could begin or end.
    let may_end = before.bytes().next_back().is_some_and(|b| !b.is_ascii() || b"$dfoprs".contains(&b));
    let may_begin = after.bytes().next().is_some_and(|b| !b.is_ascii() || b"$bcdegkmptu".contains(&b));
    if !may_end && !may_begin {
        return None;
    }
    let multiple = MULTIPLES.iter().find_map(|(word, multiple)| Some((strip_word(after, word)?, *multiple)));
    if let Some((rest, _)) = multiple {
        after = rest.trim_start();
    }
    let is_money = CURRENCIES
        .iter()
        .any(|mark| (may_end && ends_in_word(before, mark)) || (may_begin && strip_word(after, mark).is_some()));
    if !is_money {
        return None;
    }
    // Nobody writes thousands of millions with a mark between: `9.999 million` has decimals.
    let value = number(&text[start..end], multiple.is_none())?;
    Some(value * multiple.map_or(1.0, |(_, multiple)| multiple))
}

/// What follows a word at the beginning of a text.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(word)?;
    let goes_on = word.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphanumeric);
    (!goes_on).then_some(rest)
}

fn ends_in_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word)
        .is_some_and(|rest| !(word.starts_with(char::is_alphabetic) && rest.ends_with(char::is_alphanumeric)))
}

/// Reads a number with either decimal mark; three digits after the last mark are `grouped` thousands, or decimals.
fn number(text: &str, grouped: bool) -> Option<f64> {
    let text = text.trim_end_matches(['.', ',', '\'']);
    let (whole, decimals) = match text.rsplit_once([',', '.', '\'']) {
        Some((whole, tail)) if tail.len() != 3 || !grouped => (whole, tail),
        _ => (text, ""),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    format!("{digits}.{decimals}0").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, count: usize, largest: f64) {
        assert_eq!(amounts(text), Amounts { count, largest }, "{text}");
    }

    #[test]
    fn sums_are_read_in_either_notation() {
        check("pay $1,250.50 now", 1, 1250.5);
        check("1.250,50 euro or 20 €", 2, 1250.5);
        check("the sum of us$ 10.5 million", 1, 10_500_000.0);
        check("$9.999 million", 1, 9_999_000.0);
        check("15 million us dollars", 1, 15_000_000.0);
        check("usd 700'000.", 1, 700_000.0);
        check("£5k", 1, 5000.0);
    }

    #[test]
    fn other_numbers_are_no_sums() {
        check("at 10:30 in room 5, version 1.2.3", 0, 0.0);
        check("", 0, 0.0);
        check("5 eurocrats", 0, 0.0);
        check("1.2.3.4.5 $", 1, 1234.5);
    }

    #[test]
    fn numbers_have_a_limit() {
        assert_eq!(amounts(&"$1 ".repeat(NUMBERS_MAX)).count, NUMBERS_MAX);
        assert_eq!(amounts(&"$1 ".repeat(NUMBERS_MAX + 1)).count, NUMBERS_MAX);
    }
}
