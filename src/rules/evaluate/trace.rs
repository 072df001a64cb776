//! What made a rule match: the values and where they stand, for explanations.

use super::{Code, Run, Value};
use crate::rules::schema::Object;

/// Values shown of one match.
const SHOWN_MAX: usize = 12;
/// Characters shown of each value.
const VALUE_CHARS_MAX: usize = 120;

/// A value that a rule wanted and found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Found {
    /// The part of the message, as rules name it: `subject.subject`; `.` is the element of a loop.
    pub place: String,
    /// The value, or what of it was sought; at most 120 characters.
    pub value: String,
    /// Where it begins in the text there, in bytes; `None` where it is the whole value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
}

impl Found {
    pub(super) fn new(place: String, value: &str, start: Option<usize>) -> Self {
        Self { place, value: value.chars().take(VALUE_CHARS_MAX).collect(), start }
    }
}

impl<'m> Run<'m> {
    /// What makes a rule match that does; empty for one that does not.
    pub(crate) fn because(&self, code: &Code) -> Vec<Found> {
        self.begin();
        self.trace.replace(Some(Vec::new()));
        let holds = self.value(code).truth() == Some(true);
        let found = self.trace.take().filter(|_| holds).unwrap_or_default();
        let mut kept: Vec<Found> = Vec::new();
        for found in found {
            if kept.len() < SHOWN_MAX && !kept.contains(&found) {
                kept.push(found);
            }
        }
        kept
    }

    /// Whether what is found is to be told.
    pub(super) fn is_traced(&self) -> bool {
        self.trace.borrow().is_some()
    }

    /// How much was told so far.
    pub(super) fn told(&self) -> usize {
        self.trace.borrow().as_ref().map_or(0, Vec::len)
    }

    /// Takes back what was told since: it led to nothing.
    pub(super) fn untell(&self, since: usize) {
        if let Some(found) = self.trace.borrow_mut().as_mut() {
            found.truncate(since);
        }
    }

    /// Tells of a value, where that is wanted.
    pub(super) fn tell(&self, code: &Code, value: &str, start: Option<usize>) {
        if !self.is_traced() || self.told() >= 4 * SHOWN_MAX {
            return;
        }
        let found = Found::new(self.place(code), value, start);
        if let Some(all) = self.trace.borrow_mut().as_mut() {
            all.push(found);
        }
    }

    /// Tells of the value of a part, where it is one that can be shown.
    pub(super) fn tell_value(&self, code: &Code, value: &Value<'m>) {
        let is_constant = matches!(code, Code::Constant(_) | Code::List(_));
        let shown = match value {
            _ if is_constant => None,
            Value::Text(text) => Some(text.to_string()),
            Value::Boolean(_) | Value::Integer(_) | Value::Float(_) | Value::Json(_) => Some(value.json().to_string()),
            _ => None,
        };
        if let Some(shown) = shown {
            self.tell(code, &shown, None);
        }
    }

    /// A part as rules name it.
    fn place(&self, code: &Code) -> String {
        match code {
            Code::Message(place) => field_name(Object::Message, *place).to_owned(),
            Code::Element(up) => ".".repeat(up + 1),
            Code::Shared(_, inner) => self.place(inner),
            Code::Path(path) => self.place(&path.field()),
            Code::Field(of, places) => {
                let (mut name, mut value) = (self.place(of), self.value(of));
                for place in places {
                    let Value::Object(record) = &value else { break };
                    let field = field_name(record.object, *place);
                    name = if name.ends_with('.') { format!("{name}{field}") } else { format!("{name}.{field}") };
                    value = record.at(*place);
                }
                name
            }
            Code::Index(of, _) | Code::Slice(of, ..) => format!("{}[…]", self.place(of)),
            Code::Call(function, arguments) => {
                let first = arguments.placed.first().map_or_else(String::new, |first| self.place(first));
                format!("{}({first})", function.name)
            }
            _ => "…".to_owned(),
        }
    }
}

fn field_name(object: Object, place: usize) -> &'static str {
    object.table().fields.get(place).map_or("?", |field| field.name)
}
