//! A call of a function: its arguments, computed when the function asks for them.

use std::rc::Rc;
use std::sync::Arc;

use super::run::same_key;
use super::{Arguments, Code, Constant, Run, Value, folded};
use crate::message::{Attachment, Tree};
use crate::rules::facts::View;
use crate::rules::patterns::{Mode, Pattern};

/// Bytes that are read in about the time of one step.
const BYTES_PER_STEP: usize = 256;

/// A call under way.
pub struct Call<'c, 'm> {
    pub(super) run: &'c Run<'m>,
    pub(super) arguments: &'c Arguments,
}

impl<'m> Call<'_, 'm> {
    /// The message with what is known of it.
    pub fn view(&self) -> &View<'m> {
        self.run.view()
    }

    /// Whether a list kept elsewhere holds a text; null where there is no such list.
    pub fn listed(&self, list: &str, text: &str) -> Value<'m> {
        self.run.listed(list, text)
    }

    /// How many arguments stand in their places.
    pub fn count(&self) -> usize {
        self.arguments.placed.len()
    }

    /// The argument at a place; null where there is none.
    pub fn value(&self, place: usize) -> Value<'m> {
        self.arguments.placed.get(place).map_or(Value::ABSENT, |code| self.run.value(code))
    }

    /// The argument of a keyword.
    pub fn named(&self, keyword: &str) -> Option<Value<'m>> {
        let (_, code) = self.arguments.named.iter().find(|(name, _)| *name == keyword)?;
        Some(self.run.value(code))
    }

    /// The list at a place.
    ///
    /// # Errors
    /// The null that stands in its place.
    pub fn list(&self, place: usize) -> Result<Vec<Value<'m>>, Value<'m>> {
        let value = self.value(place);
        value.elements().ok_or_else(|| value.null())
    }

    /// The argument at a place, computed for one element of a loop.
    pub fn of(&self, place: usize, element: &Value<'m>) -> Value<'m> {
        self.arguments.placed.get(place).map_or(Value::ABSENT, |code| self.run.within(element, code))
    }

    /// What `make` gives for the text at a place; null where there is none.
    pub fn on_text(&self, place: usize, make: impl FnOnce(&str) -> Value<'m>) -> Value<'m> {
        let value = self.value(place);
        match value.as_text() {
            Some(text) if !self.spend(text.len()) => Value::lacking("the rule takes more steps than one may"),
            Some(text) => make(text),
            None => value.null(),
        }
    }

    /// What `make` gives for the first two texts; null where one is.
    pub fn on_texts(&self, make: impl FnOnce(&str, &str) -> Value<'m>) -> Value<'m> {
        self.on_text(0, |first| self.on_text(1, |second| make(first, second)))
    }

    /// Whether one of the texts behind the first stands to it as `test` says. A null among them is passed over, unless
    /// all are null.
    pub fn any_text(&self, test: impl Fn(&str, &str) -> bool) -> Value<'m> {
        self.on_text(0, |source| {
            let mut unknown = None;
            let mut some = false;
            for place in 1..self.count() {
                let sought = self.value(place);
                match sought.as_text() {
                    Some(sought) if test(source, sought) => return Value::Boolean(true),
                    Some(_) => some = true,
                    None => unknown = Some(sought.null()),
                }
            }
            unknown.filter(|_| !some).unwrap_or(Value::Boolean(false))
        })
    }

    /// As [`Call::any_text`], with both texts in lower case; those of the source are so already.
    pub fn any_folded(&self, test: impl Fn(&str, &str) -> bool) -> Value<'m> {
        let source = match self.value(0) {
            Value::Text(text) => self.run.kept().lower(&text),
            other => match other.as_text() {
                Some(text) => Arc::from(folded(text)),
                None => return other.null(),
            },
        };
        self.spend(source.len());
        let (mut unknown, mut some) = (None, false);
        for (place, code) in self.arguments.placed.iter().enumerate().skip(1) {
            let found = match code.constant_text() {
                Some(sought) => Some(test(&source, sought)),
                None => {
                    let sought = self.value(place);
                    let found = sought.as_text().map(|sought| test(&source, &folded(sought)));
                    if found.is_none() {
                        unknown = Some(sought.null());
                    }
                    found
                }
            };
            match found {
                Some(true) => return Value::Boolean(true),
                Some(false) => some = true,
                None => {}
            }
        }
        unknown.filter(|_| !some).unwrap_or(Value::Boolean(false))
    }

    /// Takes as many steps as reading so many bytes costs; `false` when the rule has taken too many.
    pub fn spend(&self, bytes: usize) -> bool {
        self.run.spend(bytes / BYTES_PER_STEP)
    }

    /// Whether one of the patterns behind the first text matches it; nulls as in [`Call::any_text`].
    pub fn any_pattern(&self, mode: Mode) -> Value<'m> {
        self.on_text(0, |source| {
            let (mut unknown, mut some) = (None, false);
            for place in 1..self.count() {
                match self.pattern(place, mode) {
                    Ok(pattern) if pattern.matches(source) => return Value::Boolean(true),
                    Ok(_) => some = true,
                    Err(null) => unknown = Some(null),
                }
            }
            unknown.filter(|_| !some).unwrap_or(Value::Boolean(false))
        })
    }

    /// The pattern at a place: compiled beforehand where it stands in the source.
    ///
    /// # Errors
    /// The null that stands in its place: there is no text, or it is no pattern.
    pub fn pattern(&self, place: usize, mode: Mode) -> Result<Arc<Pattern>, Value<'m>> {
        if let Some(Code::Constant(Constant::Pattern(pattern))) = self.arguments.placed.get(place) {
            return Ok(pattern.clone());
        }
        let value = self.value(place);
        let source = value.as_text().ok_or_else(|| value.null())?;
        self.run.kept().pattern(source, mode).ok_or(Value::ABSENT)
    }

    /// What `make` gives for the file at a place, where it came with the message and its content was kept.
    pub fn on_file(&self, place: usize, make: impl FnOnce(&'m Attachment) -> Value<'m>) -> Value<'m> {
        match self.value(place) {
            Value::Object(record) => match record.file.filter(|file| file.content().is_some()) {
                Some(file) => make(file),
                None => Value::lacking("the content of this file is not at hand"),
            },
            other => other.null(),
        }
    }

    /// What `look` finds inside the file at a place, as [`Call::on_file`], once for all rules that ask.
    pub fn inside(&self, place: usize, look: impl FnOnce(&'m Attachment) -> Value<'m>) -> Value<'m> {
        match self.value(place) {
            Value::Object(record) => record.inside(|| self.on_file(place, look)),
            other => other.null(),
        }
    }

    /// The page at a place as a tree.
    ///
    /// # Errors
    /// The null that stands in its place.
    pub fn tree(&self, place: usize) -> Result<Rc<Tree>, Value<'m>> {
        match self.value(place) {
            Value::Object(record) => record.tree().ok_or_else(|| record.field("raw").null()),
            other => Err(other.null()),
        }
    }

    /// Whether two values count as the same.
    pub fn is_same(&self, a: &Value<'m>, b: &Value<'m>) -> bool {
        same_key(a, b)
    }
}
