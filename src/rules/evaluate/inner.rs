//! Fields, elements and parts of values.

use std::rc::Rc;

use super::{Code, Run, Value};

impl<'m> Run<'m> {
    /// A field within a field of something computed.
    pub(super) fn field(&self, of: &Code, places: &[usize]) -> Value<'m> {
        places.iter().fold(self.value(of), |value, place| match value {
            Value::Object(record) => record.at(*place),
            other => other.null(),
        })
    }

    pub(super) fn index(&self, of: &Code, index: &Code) -> Value<'m> {
        let (of, index) = (self.value(of), self.value(index));
        let place = || usize::try_from(index.as_integer()?).ok();
        match &of {
            Value::List(values) => place().and_then(|place| values.get(place).cloned()).unwrap_or(Value::ABSENT),
            Value::Map(values) => {
                let named = |name: &str| values.iter().find(|(key, _)| key.as_ref() == name);
                index.as_text().and_then(named).map_or(Value::ABSENT, |(_, value)| value.clone())
            }
            Value::Json(json) => {
                let inner = match index.as_text() {
                    Some(name) => json.get(name),
                    None => place().and_then(|place| json.get(place)),
                };
                inner.map_or(Value::ABSENT, |inner| Value::Json(Rc::new(inner.clone())))
            }
            other => other.null(),
        }
    }

    pub(super) fn slice(&self, of: &Code, from: Option<&Code>, to: Option<&Code>) -> Value<'m> {
        let of = self.value(of);
        let bound = |code: Option<&Code>, default: usize| match code.map(|code| self.value(code)) {
            None => Some(default),
            Some(value) => value.as_integer().map(|place| usize::try_from(place).unwrap_or(0)),
        };
        let (Some(from), Some(to)) = (bound(from, 0), bound(to, usize::MAX)) else { return Value::ABSENT };
        let taken = to.saturating_sub(from);
        match &of {
            Value::List(values) => Value::list(values.iter().skip(from).take(taken).cloned()),
            other => match other.as_text() {
                Some(text) => Value::text(text.chars().skip(from).take(taken).collect::<String>()),
                None => other.null(),
            },
        }
    }
}
