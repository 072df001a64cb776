//! Whether a value is among others: of the source, of the message, or of a list kept elsewhere.

use std::collections::HashSet;
use std::sync::Arc;

use super::compare::{compare, folded};
use super::{Code, Heap, Run, Value};
use crate::rules::language::Relation;
use crate::rules::lists::{Source, source};

impl<'m> Run<'m> {
    pub(super) fn is_in(&self, needle: &Value<'m>, heap: &Heap, fold: bool) -> Value<'m> {
        if needle.is_null() {
            return needle.null();
        }
        match heap {
            Heap::Texts(texts) => Value::maybe(needle.as_text(), |text| Value::Boolean(holds(texts, text, fold))),
            Heap::List(name) => match needle.as_text() {
                Some(text) if !self.lists.has(name) && source(name) == Some(Source::History) => {
                    self.view.met(name, text)
                }
                Some(text) => self.lists.holds(name, text, fold),
                None => Value::ABSENT,
            },
            Heap::Values(values) => self.among(needle, values.iter().map(|value| self.value(value)), fold),
            Heap::Elements(list) => {
                let list = self.value(list);
                match list.elements() {
                    Some(elements) => self.among(needle, elements.into_iter(), fold),
                    None => list.null(),
                }
            }
        }
    }

    fn among(&self, needle: &Value<'m>, values: impl Iterator<Item = Value<'m>>, fold: bool) -> Value<'m> {
        let relation = if fold { Relation::Alike } else { Relation::Equal };
        let mut unknown = None;
        for value in values {
            let same = compare(needle, relation, &value);
            match same.truth() {
                Some(true) => return same,
                Some(false) => {}
                None => unknown = Value::more_telling(unknown, same.null()),
            }
        }
        unknown.unwrap_or(Value::Boolean(false))
    }

    /// Whether an entry of a list stands in a text.
    pub(super) fn stands(&self, text: &Code, list: &str, fold: bool) -> Value<'m> {
        let value = self.value(text);
        let found = match &value {
            Value::Text(whole) if fold => self.lists.stands(list, &self.kept.lower(whole), true),
            other => match other.as_text() {
                Some(whole) if fold => self.lists.stands(list, &folded(whole), true),
                Some(whole) => self.lists.stands(list, whole, false),
                None => match self.lists.is_empty(list) {
                    None => self.lists.stands(list, "", fold),
                    // There is no entry that could be unknown.
                    Some(true) => Value::Boolean(false),
                    Some(false) => other.null(),
                },
            },
        };
        self.tell_where(&found, text, &value);
        found
    }
}

fn holds(texts: &HashSet<Arc<str>>, text: &str, fold: bool) -> bool {
    if fold { texts.contains(folded(text).as_str()) } else { texts.contains(text) }
}
