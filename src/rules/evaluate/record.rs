//! An object of a message, whose fields are computed when first asked for.

use std::cell::OnceCell;
use std::rc::Rc;

use super::{Lack, Value};
use crate::message::{Attachment, Tree};
use crate::rules::schema::Object;

/// An object with its fields.
pub struct Record<'m> {
    /// What it is.
    pub object: Object,
    /// The file that it is, where it is one that came with the message.
    pub file: Option<&'m Attachment>,
    facts: Box<dyn Fn(&'static str) -> Value<'m> + 'm>,
    fields: Box<[OnceCell<Value<'m>>]>,
    inside: OnceCell<Value<'m>>,
    tree: OnceCell<Option<Rc<Tree>>>,
}

impl<'m> Record<'m> {
    /// An object whose fields `facts` computes by their names.
    pub fn new(object: Object, facts: impl Fn(&'static str) -> Value<'m> + 'm) -> Self {
        let fields = object.table().fields.iter().map(|_| OnceCell::new()).collect();
        Self { object, file: None, facts: Box::new(facts), fields, inside: OnceCell::new(), tree: OnceCell::new() }
    }

    /// The field at a place of the object's table.
    pub fn at(&self, place: usize) -> Value<'m> {
        self.look(place, Value::clone)
    }

    /// What `read` finds in the field at a place of the object's table.
    pub(super) fn look(&self, place: usize, read: impl FnOnce(&Value<'m>) -> Value<'m>) -> Value<'m> {
        let (Some(cell), Some(field)) = (self.fields.get(place), self.object.table().fields.get(place)) else {
            return Value::ABSENT;
        };
        match field.lacks {
            Some(why) => Value::Null(Some(Lack::Of(why))),
            None => read(cell.get_or_init(|| (self.facts)(field.name))),
        }
    }

    /// What is inside the file that it is, looked into once.
    pub(super) fn inside(&self, look: impl FnOnce() -> Value<'m>) -> Value<'m> {
        self.inside.get_or_init(look).clone()
    }

    /// The page that it is as a tree, read once; `None` where it is none.
    pub(super) fn tree(&self) -> Option<Rc<Tree>> {
        let read = || self.field("raw").as_text().map(|source| Rc::new(Tree::read(source)));
        self.tree.get_or_init(read).clone()
    }

    /// A field by its name.
    pub fn field(&self, name: &str) -> Value<'m> {
        self.object.field(name).map_or(Value::ABSENT, |(place, _)| self.at(place))
    }

    /// The fields that were asked for so far.
    pub(super) fn json(&self) -> serde_json::Value {
        let known = self.object.table().fields.iter().zip(&self.fields);
        known.filter_map(|(field, cell)| Some((field.name.to_owned(), cell.get()?.json()))).collect()
    }
}

/// A file that came with the message, as a value.
pub fn file<'m>(file: &'m Attachment, facts: impl Fn(&'static str) -> Value<'m> + 'm) -> Value<'m> {
    filed(Object::Attachment, file, facts)
}

/// An object that is a file too, as a value: what functions on files read.
pub fn filed<'m>(object: Object, file: &'m Attachment, facts: impl Fn(&'static str) -> Value<'m> + 'm) -> Value<'m> {
    Value::Object(Rc::new(Record { file: Some(file), ..Record::new(object, facts) }))
}

/// An object as a value.
pub fn object<'m>(object: Object, facts: impl Fn(&'static str) -> Value<'m> + 'm) -> Value<'m> {
    Value::Object(Rc::new(Record::new(object, facts)))
}
