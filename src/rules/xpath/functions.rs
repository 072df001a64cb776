//! The functions of XPath (XPath 1.0 §4), and those of later versions that are likely to be used.

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Boolean,
    Ceiling,
    Concat,
    Contains,
    Count,
    EndsWith,
    False,
    Floor,
    Last,
    LocalName,
    LowerCase,
    Name,
    NormalizeSpace,
    Not,
    Number,
    Position,
    Round,
    StartsWith,
    String,
    StringLength,
    Substring,
    SubstringAfter,
    SubstringBefore,
    Sum,
    Translate,
    True,
    UpperCase,
}

impl Known {
    /// The function of a name, where it takes so many arguments.
    pub(super) fn of(name: &str, arguments: usize) -> Option<Self> {
        let (known, takes) = match name {
            "boolean" => (Self::Boolean, 1..=1),
            "ceiling" => (Self::Ceiling, 1..=1),
            "concat" => (Self::Concat, 2..=64),
            "contains" => (Self::Contains, 2..=2),
            "count" => (Self::Count, 1..=1),
            "ends-with" => (Self::EndsWith, 2..=2),
            "false" => (Self::False, 0..=0),
            "floor" => (Self::Floor, 1..=1),
            "last" => (Self::Last, 0..=0),
            "local-name" => (Self::LocalName, 0..=1),
            "lower-case" => (Self::LowerCase, 1..=1),
            "name" => (Self::Name, 0..=1),
            "normalize-space" => (Self::NormalizeSpace, 0..=1),
            "not" => (Self::Not, 1..=1),
            "number" => (Self::Number, 0..=1),
            "position" => (Self::Position, 0..=0),
            "round" => (Self::Round, 1..=1),
            "starts-with" => (Self::StartsWith, 2..=2),
            "string" => (Self::String, 0..=1),
            "string-length" => (Self::StringLength, 0..=1),
            "substring" => (Self::Substring, 2..=3),
            "substring-after" => (Self::SubstringAfter, 2..=2),
            "substring-before" => (Self::SubstringBefore, 2..=2),
            "sum" => (Self::Sum, 1..=1),
            "translate" => (Self::Translate, 3..=3),
            "true" => (Self::True, 0..=0),
            "upper-case" => (Self::UpperCase, 1..=1),
            _ => return None,
        };
        takes.contains(&arguments).then_some(known)
    }
}

/// A text as a number; what is none is not a number.
pub(super) fn number(text: &str) -> f64 {
    let text = text.trim();
    let sound = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if sound { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// A number as text: without a point where it is whole.
pub(super) fn text(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 { "0".to_owned() } else { number.to_string() }
}

/// White space made single, none at the ends.
pub(super) fn normalized(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each character of `from` replaced by that of `to` in the same place, or left out where there is none.
pub(super) fn translated(text: &str, from: &str, to: &str) -> String {
    let to: Vec<char> = to.chars().collect();
    let translate = |c: char| match from.chars().position(|known| known == c) {
        Some(place) => to.get(place).copied(),
        None => Some(c),
    };
    text.chars().filter_map(translate).collect()
}

/// The part of a text from a place on, counted from 1, of so many characters.
pub(super) fn substring(text: &str, from: f64, len: f64) -> String {
    let (first, end) = (round(from), round(from) + round(len));
    let within = |place: usize| (place as f64 + 1.0) >= first && (place as f64 + 1.0) < end;
    text.chars().enumerate().filter(|(place, _)| within(*place)).map(|(_, c)| c).collect()
}

/// The nearest whole number, the higher of two that are as near.
pub(super) fn round(number: f64) -> f64 {
    (number + 0.5).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_hold_to_the_examples_of_the_specification() {
        assert_eq!(translated("bar", "abc", "ABC"), "BAr");
        assert_eq!(translated("--aaa--", "abc-", "ABC"), "AAA");
        assert_eq!(substring("12345", 2.0, 3.0), "234");
        assert_eq!(substring("12345", 1.5, 2.6), "234");
        assert_eq!(substring("12345", 0.0, 3.0), "12");
        assert_eq!(substring("12345", f64::NAN, 3.0), "");
        assert_eq!(substring("12345", 2.0, f64::INFINITY), "2345");
        assert_eq!((round(-0.5), round(2.5)), (0.0, 3.0));
        assert!(number("12px").is_nan() && number("").is_nan());
        assert_eq!((number(" -1.5 "), text(25.0), text(0.5)), (-1.5, "25".to_owned(), "0.5".to_owned()));
        assert_eq!(normalized(" a \n b "), "a b");
    }

    #[test]
    fn functions_are_known_by_name_and_number_of_arguments() {
        assert_eq!(Known::of("contains", 2), Some(Known::Contains));
        assert_eq!(Known::of("contains", 1), None);
        assert_eq!(Known::of("document", 1), None);
    }
}
