//! Phrases without which a text test cannot hold: all of them are looked for at once, and most tests need no more.

use std::collections::HashMap;
use std::sync::Arc;

use crate::mail::{Network, Phrases};
use crate::rules::evaluate::{Arguments, Code, Constant, Networks, folded};

/// Bytes of a phrase that is looked for; shorter ones stand everywhere.
const PHRASE_BYTES_MIN: usize = 3;
/// Functions whose first argument is a text, and that hold, or find anything, only where one of the others stands in it
/// or matches it.
const SEEKING: [&str; 19] = [
    "ilike",
    "regex.contains",
    "regex.count",
    "regex.extract",
    "regex.icontains",
    "regex.icount",
    "regex.iextract",
    "regex.imatch",
    "regex.match",
    "strings.contains",
    "strings.count",
    "strings.ends_with",
    "strings.icontains",
    "strings.icount",
    "strings.iends_with",
    "strings.ilike",
    "strings.istarts_with",
    "strings.like",
    "strings.starts_with",
];

/// The phrases that rules want.
#[derive(Default)]
pub(super) struct Wanted {
    numbers: HashMap<Box<str>, u32>,
    /// What each pattern requires, by where it lies.
    patterns: HashMap<usize, Box<[u32]>>,
}

impl Wanted {
    /// Notes in a call which phrases each of its arguments wants.
    pub(super) fn note(&mut self, code: &mut Code) {
        let Code::Call(function, arguments) = code else { return };
        if function.name == "beta.ip_in" {
            return gather(arguments);
        }
        if !SEEKING.contains(&function.name) {
            return;
        }
        let placed = arguments.placed.iter().enumerate();
        let wanted: Vec<Box<[u32]>> =
            placed.map(|(place, code)| if place == 0 { Box::default() } else { self.of(code) }).collect();
        if wanted.iter().any(|phrases| !phrases.is_empty()) {
            arguments.wanted = wanted;
        }
    }

    /// What an argument wants; empty where that is not known.
    fn of(&mut self, code: &Code) -> Box<[u32]> {
        match code {
            Code::Constant(Constant::Text(text)) if text.len() >= PHRASE_BYTES_MIN => {
                [self.number(&folded(text))].into()
            }
            Code::Constant(Constant::Pattern(pattern)) => {
                let at = Arc::as_ptr(pattern) as usize;
                if let Some(known) = self.patterns.get(&at) {
                    return known.clone();
                }
                let required = pattern.required().unwrap_or_default();
                let phrases: Box<[u32]> = required.iter().map(|phrase| self.number(phrase)).collect();
                self.patterns.insert(at, phrases.clone());
                phrases
            }
            _ => Box::default(),
        }
    }

    fn number(&mut self, phrase: &str) -> u32 {
        if let Some(known) = self.numbers.get(phrase) {
            return *known;
        }
        let next = self.numbers.len() as u32;
        self.numbers.insert(phrase.into(), next);
        next
    }

    /// How many phrases there are.
    pub(super) fn count(&self) -> usize {
        self.numbers.len()
    }

    /// All of them, to be looked for at once; `None` where there is none.
    pub(super) fn phrases(&self) -> Option<Phrases> {
        let mut phrases: Vec<(&str, u32)> =
            self.numbers.iter().map(|(phrase, number)| (phrase.as_ref(), *number)).collect();
        phrases.sort_unstable_by_key(|(_, number)| *number);
        if phrases.is_empty() { None } else { Phrases::new(phrases.iter().map(|(phrase, _)| phrase)) }
    }
}

/// Puts networks that stand in the source together, so that an address is sought in all of them at once.
fn gather(arguments: &mut Arguments) {
    let networks = arguments.placed.iter().skip(1).map(Code::constant_text);
    let Some(texts) = networks.collect::<Option<Vec<_>>>() else { return };
    // What is no network holds no address.
    let networks = texts.iter().filter_map(|text| Network::try_from(text.to_string()).ok());
    let networks = Arc::new(Networks::new(networks));
    arguments.placed.truncate(1);
    arguments.placed.push(Code::Constant(Constant::Networks(networks)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::functions::find;

    #[test]
    fn functions_that_seek_are_known_ones() {
        assert!(SEEKING.is_sorted());
        assert!(SEEKING.iter().all(|name| find(name).is_some_and(|function| function.takes.len() > 1)));
    }
}
