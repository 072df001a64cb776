//! Within which bounds the values of a signal lie, as its meaning says.

use std::fmt;

use super::registry::Signal;

/// The bounds of a signal's values; the lower one is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The greatest value; `None` where there is none.
    pub high: Option<f32>,
    /// Whether the value is a logarithm.
    pub logarithm: bool,
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.high, self.logarithm) {
            (Some(high), _) => write!(f, "0 to {high}"),
            (None, true) => f.write_str("0 and up, a logarithm"),
            (None, false) => f.write_str("0 and up"),
        }
    }
}

/// Words of a meaning, and the greatest value that they promise.
const PROMISES: &[(&str, f32)] = &[
    ("2 for ", 2.0),
    ("0 to 2", 2.0),
    ("0 to 1", 1.0),
    (" 1 or 0", 1.0),
    (" 1 where ", 1.0),
    (" 1 for ", 1.0),
    (" 1 without ", 1.0),
];

impl Signal {
    /// Within which bounds its values lie.
    pub fn range(&self) -> Range {
        if !self.phrases.is_empty() {
            // The count of each signal is one byte.
            return Range { high: Some(self.phrases.len().min(255) as f32), logarithm: false };
        }
        if self.meaning.contains("ln(1 + n)") || self.meaning.contains("log10(1 + n)") {
            return Range { high: None, logarithm: true };
        }
        let promise = PROMISES.iter().find(|(words, _)| self.meaning.contains(words));
        Range { high: promise.map(|(_, high)| *high), logarithm: false }
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::{find, measure};

    fn check(name: &str, expected: &str) {
        assert_eq!(find(name).expect("a signal").range().to_string(), expected, "{name}");
    }

    #[test]
    fn a_meaning_says_the_range() {
        check("sender_days_known", "0 and up, a logarithm");
        check("helo_new_for_domain", "0 to 1");
        check("infrastructure_new_share", "0 to 1");
        check("dmarc_policy_defied", "0 to 2");
        check("links_count", "0 and up, a logarithm");
        check("recipients_new_to_sender", "0 to 1");
    }

    #[test]
    fn values_keep_their_range() {
        let many = mail()
            .stranger()
            .in_thread()
            .text(&"Invoice! Password? gift card 1BTC ".repeat(200))
            .link("https://a.b.example/x.exe", "x");
        for message in [mail(), mail().stranger(), mail().unknown(), mail().in_thread(), many] {
            for (signal, value) in measure(&message.evidence()).iter() {
                let (range, value) = (signal.range(), value.unwrap_or(0.0));
                assert!(
                    value >= 0.0 && range.high.is_none_or(|high| value <= high),
                    "{} is {value}: {range}",
                    signal.name
                );
            }
        }
    }
}
