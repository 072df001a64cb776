//! Fields within fields of the message or of a loop's element: by far the most frequent parts of rules.

use super::{Code, Run, Value};

/// Most fields within each other that are kept in one place.
const STEPS_MAX: usize = 7;

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// A field of the message, by its place.
    Message(u8),
    /// The element of a loop, so many loops outside the innermost.
    Element(u8),
}

/// A path, in a few bytes that lie together: a set of rules is larger than a processor's cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    root: Root,
    steps: u8,
    places: [u8; STEPS_MAX],
}

impl Path {
    /// The path that a field is; `None` for one of something computed, or one that is longer than any of the data model.
    pub fn of(code: &Code) -> Option<Self> {
        let Code::Field(of, fields) = code else { return None };
        let root = match of.as_ref() {
            Code::Message(place) => Root::Message(u8::try_from(*place).ok()?),
            Code::Element(up) => Root::Element(u8::try_from(*up).ok()?),
            _ => return None,
        };
        let mut places = [0; STEPS_MAX];
        for (step, field) in fields.iter().enumerate() {
            *places.get_mut(step)? = u8::try_from(*field).ok()?;
        }
        Some(Self { root, steps: fields.len() as u8, places })
    }

    /// The same as it was written.
    pub fn field(&self) -> Code {
        let root = match self.root {
            Root::Message(place) => Code::Message(place.into()),
            Root::Element(up) => Code::Element(up.into()),
        };
        Code::Field(Box::new(root), self.places().iter().map(|place| usize::from(*place)).collect())
    }

    /// Whether it is a field of the message, the same wherever it is asked for.
    pub fn is_of_message(&self) -> bool {
        matches!(self.root, Root::Message(_))
    }

    fn places(&self) -> &[u8] {
        &self.places[..usize::from(self.steps)]
    }
}

impl<'m> Run<'m> {
    /// What stands at the end of a path, looked up without a copy of what lies between.
    pub(super) fn at(&self, path: &Path) -> Value<'m> {
        match path.root {
            Root::Message(place) => self.message.look(place.into(), |value| value.inner(path.places())),
            Root::Element(up) => {
                let elements = self.elements.borrow();
                let place = elements.len().checked_sub(usize::from(up) + 1);
                place.map_or(Value::ABSENT, |place| elements[place].inner(path.places()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_field_that_it_was_made_of() {
        let path = |code: Code| Path::of(&code).map(|path| path.field());
        let is = |code: &Code, root: &Code, fields: &[usize]| matches!(code, Code::Field(of, places) if format!("{of:?}") == format!("{root:?}") && places == fields);
        let field = |root: Code, fields: Vec<usize>| Code::Field(Box::new(root), fields);
        let same = path(field(Code::Message(3), vec![1, 2])).expect("a path");
        assert!(is(&same, &Code::Message(3), &[1, 2]));
        let same = path(field(Code::Element(1), vec![0; STEPS_MAX])).expect("a path");
        assert!(is(&same, &Code::Element(1), &[0; STEPS_MAX]));
        assert!(path(field(Code::Element(1), vec![0; STEPS_MAX + 1])).is_none());
        assert!(path(field(Code::Message(300), vec![1])).is_none());
        assert!(path(field(Code::Array(Vec::new()), vec![1])).is_none());
    }
}
