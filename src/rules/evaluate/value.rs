//! What an expression can come to.

use std::rc::Rc;
use std::sync::Arc;

use super::{Elements, Record};
use crate::mail::Moment;

/// What could not be known: the reason why a value is null, where it is not simply absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lack {
    /// A field or function that Kith cannot compute, or what it would need.
    Of(&'static str),
    /// A list that is not configured.
    List(Arc<str>),
}

impl Lack {
    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::Of(words) => (*words).to_owned(),
            Self::List(name) => format!("the list ${name} is not configured"),
        }
    }
}

/// A value of one message. Cheap to copy.
#[derive(Clone)]
pub enum Value<'m> {
    /// Nothing: absent, or not to be known for a reason.
    Null(Option<Lack>),
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// A moment.
    Timestamp(Moment),
    /// Several values.
    List(Rc<[Self]>),
    /// An object.
    Object(Rc<Record<'m>>),
    /// Values by name, in their order.
    Map(Rc<[(Arc<str>, Self)]>),
    /// A part of a JSON document.
    Json(Rc<serde_json::Value>),
}

impl<'m> Value<'m> {
    /// Simply absent.
    pub const ABSENT: Self = Self::Null(None);

    /// Not to be known, and why.
    pub fn lacking(why: &'static str) -> Self {
        Self::Null(Some(Lack::Of(why)))
    }

    /// Text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(text.as_ref()))
    }

    /// Text, or absent where there is none.
    pub fn text_or_absent(text: impl AsRef<str>) -> Self {
        if text.as_ref().is_empty() { Self::ABSENT } else { Self::text(text) }
    }

    /// What there may be.
    pub fn maybe<T>(of: Option<T>, make: impl FnOnce(T) -> Self) -> Self {
        of.map_or(Self::ABSENT, make)
    }

    /// Several values.
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        Self::List(values.into_iter().collect())
    }

    /// Several texts.
    pub fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::list(texts.into_iter().map(Self::text))
    }

    /// Whether there is nothing. A null of JSON is one.
    pub fn is_null(&self) -> bool {
        match self {
            Self::Null(_) => true,
            Self::Json(json) => json.is_null(),
            _ => false,
        }
    }

    /// A null for the same reason as this one.
    pub fn null(&self) -> Self {
        match self {
            Self::Null(lack) => Self::Null(lack.clone()),
            _ => Self::ABSENT,
        }
    }

    /// The field of the object that this is, of the object in it, and so on, by their places; the null that stands where
    /// one of them should.
    pub(super) fn inner(&self, places: &[u8]) -> Self {
        match (places.split_first(), self) {
            (None, value) => value.clone(),
            (Some((place, rest)), Self::Object(record)) => record.look((*place).into(), |value| value.inner(rest)),
            (Some(_), other) => other.null(),
        }
    }

    /// Of two nulls the one that says what was lacking.
    pub fn more_telling(first: Option<Self>, second: Self) -> Option<Self> {
        match first {
            Some(Self::Null(Some(lack))) => Some(Self::Null(Some(lack))),
            _ => Some(second),
        }
    }

    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Json(json) => json.as_str(),
            _ => None,
        }
    }

    /// The number, where it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Json(json) => json.as_f64(),
            _ => None,
        }
    }

    /// The whole number, where it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Json(json) => json.as_i64(),
            _ => None,
        }
    }

    /// Whether it is true; `None` where it is neither true nor false.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Boolean(truth) => Some(*truth),
            Self::Json(json) => json.as_bool(),
            _ => None,
        }
    }

    /// The values of a list, or of one of JSON.
    pub fn elements(&self) -> Option<Elements<'m>> {
        match self {
            Self::List(values) => Some(Elements::of(values.clone())),
            Self::Json(json) => {
                let values = json.as_array()?;
                Some(Elements::of(values.iter().map(|value| Self::Json(Rc::new(value.clone()))).collect()))
            }
            _ => None,
        }
    }

    /// The value as JSON, for people to read; an object shows the fields that were asked for so far.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Null(_) => serde_json::Value::Null,
            Self::Boolean(truth) => (*truth).into(),
            Self::Integer(number) => (*number).into(),
            Self::Float(number) => (*number).into(),
            Self::Text(text) => text.as_ref().into(),
            Self::Timestamp(moment) => moment.rfc3339().into(),
            Self::List(values) => values.iter().map(Self::json).collect(),
            Self::Object(record) => record.json(),
            Self::Map(values) => values.iter().map(|(name, value)| (name.to_string(), value.json())).collect(),
            Self::Json(json) => json.as_ref().clone(),
        }
    }
}
