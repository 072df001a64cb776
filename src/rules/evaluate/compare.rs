//! Comparing values: null with anything gives null.

use std::cmp::Ordering;
use std::rc::Rc;

use super::Value;
use crate::rules::language::{Arithmetic, Relation};

/// A text in the form in which case does not count: letter by letter, so that what stands in a text stands in its folded
/// form too.
pub fn folded(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().map(folded_char).collect() }
}

/// A letter in the form in which case does not count (Unicode's simple folding: one letter stays one letter).
pub fn folded_char(letter: char) -> char {
    match letter {
        // The long s and the final sigma are lower case, and yet the same as others.
        '\u{17f}' => 's',
        '\u{3c2}' => '\u{3c3}',
        _ => {
            let mut lower = letter.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(lower), None) => lower,
                _ => letter,
            }
        }
    }
}

/// Whether two values are the same; `None` where one is null or they cannot be compared.
pub fn equal(a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
    if a.is_null() || b.is_null() {
        return None;
    }
    if let (Some(a), Some(b)) = (a.as_text(), b.as_text()) {
        return Some(a == b);
    }
    if let (Some(a), Some(b)) = (a.as_integer(), b.as_integer()) {
        return Some(a == b);
    }
    if let (Some(a), Some(b)) = (a.as_number(), b.as_number()) {
        return Some(a == b);
    }
    if let (Some(a), Some(b)) = (a.truth(), b.truth()) {
        return Some(a == b);
    }
    match (a, b) {
        (Value::Timestamp(a), Value::Timestamp(b)) => Some(a == b),
        _ => None,
    }
}

fn order(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (a.as_integer(), b.as_integer()) {
        return Some(a.cmp(&b));
    }
    if let (Some(a), Some(b)) = (a.as_number(), b.as_number()) {
        return a.partial_cmp(&b);
    }
    if let (Some(a), Some(b)) = (a.as_text(), b.as_text()) {
        return Some(a.cmp(b));
    }
    match (a, b) {
        (Value::Timestamp(a), Value::Timestamp(b)) => Some(a.0.cmp(&b.0)),
        _ => None,
    }
}

/// Whether two values are the same text but for case.
fn alike(a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
    let (a, b) = (a.as_text()?, b.as_text()?);
    Some(a == b || folded(a) == folded(b))
}

/// A comparison with a text of the source, by which most values are compared: it is neither copied nor, where the lengths
/// differ, looked at. `None` for a comparison of another kind.
pub(super) fn compare_text<'m>(a: &Value<'m>, relation: Relation, text: &str) -> Option<Value<'m>> {
    if a.is_null() {
        return Some(a.null());
    }
    let own = a.as_text()?;
    let alike = || {
        own == text || (own.len() == text.len() || !own.is_ascii() || !text.is_ascii()) && folded(own) == folded(text)
    };
    let answer = match relation {
        Relation::Equal => own == text,
        Relation::Unequal => own != text,
        Relation::Alike => alike(),
        Relation::Unlike => !alike(),
        _ => return None,
    };
    Some(Value::Boolean(answer))
}

/// A comparison; null where one side is, for the same reason.
pub(super) fn compare<'m>(a: &Value<'m>, relation: Relation, b: &Value<'m>) -> Value<'m> {
    if a.is_null() {
        return a.null();
    }
    if b.is_null() {
        return b.null();
    }
    let answer = match relation {
        Relation::Equal => equal(a, b),
        Relation::Unequal => equal(a, b).map(|same| !same),
        Relation::Less => order(a, b).map(Ordering::is_lt),
        Relation::AtMost => order(a, b).map(Ordering::is_le),
        Relation::Greater => order(a, b).map(Ordering::is_gt),
        Relation::AtLeast => order(a, b).map(Ordering::is_ge),
        Relation::Alike => alike(a, b),
        Relation::Unlike => alike(a, b).map(|same| !same),
    };
    Value::maybe(answer, Value::Boolean)
}

/// Whole numbers stay whole; what has no result is null.
pub(super) fn calculate<'m>(a: &Value<'m>, operator: Arithmetic, b: &Value<'m>) -> Value<'m> {
    if a.is_null() {
        return a.null();
    }
    if b.is_null() {
        return b.null();
    }
    if let (Value::Integer(a), Value::Integer(b)) = (a, b) {
        let whole = match operator {
            Arithmetic::Add => a.checked_add(*b),
            Arithmetic::Subtract => a.checked_sub(*b),
            Arithmetic::Multiply => a.checked_mul(*b),
            Arithmetic::Divide => a.checked_div(*b),
            Arithmetic::Remainder => a.checked_rem(*b),
        };
        return Value::maybe(whole, Value::Integer);
    }
    let (Some(a), Some(b)) = (a.as_number(), b.as_number()) else { return Value::ABSENT };
    let number = match operator {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Remainder => a % b,
    };
    if number.is_finite() { Value::Float(number) } else { Value::ABSENT }
}

/// Whether two values count as the same for `distinct`: null is one key.
pub(super) fn same_key<'m>(a: &Value<'m>, b: &Value<'m>) -> bool {
    (a.is_null() && b.is_null()) || equal(a, b) == Some(true) || same_object(a, b)
}

fn same_object<'m>(a: &Value<'m>, b: &Value<'m>) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_key(a, b)),
        _ => false,
    }
}
