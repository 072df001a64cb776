//! What several functions count or find.

use std::sync::Arc;

use crate::rules::evaluate::{Call, Value, object};
use crate::rules::language;
use crate::rules::patterns::{Found, Mode};
use crate::rules::schema::Object;

/// Characters of the longest texts whose distance is computed: the cost grows with the product of both.
const DISTANCE_CHARS_MAX: usize = 4_096;
/// Matches of one pattern in one text that are kept.
const FOUND_MAX: usize = 10_000;

/// How often a text holds another, one behind the other.
pub(super) fn times<'m>(source: &str, sought: &str) -> Value<'m> {
    let count = if sought.is_empty() { 0 } else { source.matches(sought).count() };
    Value::Integer(count as i64)
}

/// How many characters must be changed to make one of the other; of texts beyond the limit only the beginnings count,
/// and what is longer counts as changed.
pub(super) fn apart<'m>(call: &Call<'_, 'm>, form: fn(&str) -> String) -> Value<'m> {
    call.on_texts(|a, b| {
        let (a, b) = (form(a), form(b));
        call.spend(a.len().min(DISTANCE_CHARS_MAX) * b.len().min(DISTANCE_CHARS_MAX));
        distance(&a, &b)
    })
}

fn distance<'m>(a: &str, b: &str) -> Value<'m> {
    let (long_a, long_b) = (a.chars().count(), b.chars().count());
    let head = |text: &str| text.chars().take(DISTANCE_CHARS_MAX).collect::<String>();
    let beyond = long_a.saturating_sub(DISTANCE_CHARS_MAX).max(long_b.saturating_sub(DISTANCE_CHARS_MAX));
    Value::Integer((language::distance(&head(a), &head(b)) + beyond) as i64)
}

/// How often a pattern matches.
pub(super) fn matches<'m>(call: &Call<'_, 'm>, mode: Mode) -> Value<'m> {
    if !call.can_match(1) {
        return Value::Integer(0);
    }
    call.on_text(0, |text| match call.pattern(1, mode) {
        Ok(pattern) => Value::Integer(pattern.count(text) as i64),
        Err(null) => null,
    })
}

/// All that a pattern finds.
pub(super) fn found<'m>(call: &Call<'_, 'm>, mode: Mode) -> Value<'m> {
    if !call.can_match(1) {
        return Value::list([]);
    }
    call.on_text(0, |text| match call.pattern(1, mode) {
        Ok(pattern) => Value::list(pattern.find(text, FOUND_MAX).into_iter().map(record)),
        Err(null) => null,
    })
}

fn record<'m>(found: Found) -> Value<'m> {
    object(Object::Match, move |name| match name {
        "full_match" => Value::text(&found.all),
        "groups" => Value::texts(&found.groups),
        _ => Value::Map(found.named.iter().map(|(name, text)| (Arc::from(name.as_str()), Value::text(text))).collect()),
    })
}
