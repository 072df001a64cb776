//! One line of the journal, read for the tables.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::journal::{Entry, Matched};
use crate::mail::Moment;
use crate::signals;

/// One line of the journal.
pub(super) struct Line {
    /// The decision's id.
    pub(super) id: String,
    /// When the message was complete, in milliseconds since 1970; `None` where the line does not say it.
    pub(super) at_ms: Option<i64>,
    /// The entry.
    pub(super) entry: Entry,
}

static AT: LazyLock<HashMap<&'static str, usize>> =
    LazyLock::new(|| signals::registry().iter().enumerate().map(|(at, signal)| (signal.name, at)).collect());

impl Line {
    /// Reads a line; `None` where it holds no decision.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let entry: Entry = serde_json::from_slice(text).ok()?;
        let id = entry.id.to_string();
        // An entry without an id has the default one, of the year 1970: nothing could be found by it.
        if entry.id.moment() == Moment(0) {
            return None;
        }
        // Where a line does not say when, the entry has the default.
        let at_ms = Moment::parse(&entry.at).map(|at| at.0).filter(|ms| *ms > 0);
        Some(Self { id, at_ms, entry })
    }

    /// When it belongs into the tables: by the message's time, else by the id's.
    pub(super) fn moment(&self) -> Moment {
        self.at_ms.map_or_else(|| self.entry.id.moment(), Moment)
    }

    /// The rules that matched, as far as they are written down.
    pub(super) fn matched(&self) -> &[Matched] {
        self.entry.rules.as_ref().map_or(&[], |rules| &rules.matched)
    }

    /// The values of the signals in the order of the registry.
    pub(super) fn signals(&self) -> Vec<Option<f32>> {
        let mut values = vec![None; AT.len()];
        for (place, (name, value)) in self.entry.signals.0.iter().enumerate() {
            // The order is nearly always the registry's own.
            let at = match signals::registry().get(place) {
                Some(signal) if signal.name == *name => Some(place),
                _ => AT.get(name.as_ref()).copied(),
            };
            if let Some(slot) = at.and_then(|at| values.get_mut(at)) {
                *slot = *value;
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_a_decision_are_none() {
        for text in ["", "{", "[]", "{}", r#"{"id":"x"}"#, r#"{"verdict":"hold"}"#] {
            assert!(Line::read(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn signals_stand_where_the_registry_has_them() {
        let (first, last) = (signals::registry()[0].name, signals::registry()[signals::registry().len() - 1].name);
        let text = format!(
            r#"{{"id":"01HF7YAT000000000000000001","signals":{{"{last}":2.5,"no_such_signal":1,"{first}":null}}}}"#
        );
        let line = Line::read(text.as_bytes()).expect("readable");
        let values = line.signals();
        assert_eq!((values[0], values[values.len() - 1]), (None, Some(2.5)));
        assert_eq!(values.iter().flatten().count(), 1);
        assert_eq!(line.at_ms, None);
        assert_eq!(line.moment(), Moment(1_700_000_000_000));
    }

    #[test]
    fn rules_are_read_where_the_path_writes_them() {
        let text = r#"{"id":"01HF7YAT000000000000000001","rules":{"matched":[{"rule":"r"}],"digest":"cd"}}"#;
        let line = Line::read(text.as_bytes()).expect("readable");
        assert_eq!((line.matched().len(), line.matched()[0].rule.as_str()), (1, "r"));
    }
}
