//! Names, fields, elements, indices: paths into the data model.

use super::{Checker, Typed};
use crate::rules::evaluate::{Code, Constant};
use crate::rules::functions;
use crate::rules::language::{Fault, Node, Span, nearest};
use crate::rules::schema::{Base, Object, Type};

impl Checker<'_> {
    /// A field of the message.
    pub(super) fn name(&mut self, name: &str, at: Span) -> Typed {
        let Some((place, field)) = Object::Message.field(name) else {
            let fields = Object::Message.table().fields.iter().map(|field| field.name);
            let functions = functions::all().map(|function| function.name);
            return Err(unknown(format!("there is no `{name}`"), name, fields.chain(functions), at));
        };
        Ok((Code::Message(place), field.holds))
    }

    /// The element of a loop, or a field of it.
    pub(super) fn element(&mut self, up: usize, field: Option<&str>, at: Span) -> Typed {
        let scope = self.scopes.len().checked_sub(up + 1).and_then(|place| self.scopes.get(place).copied());
        let Some(scope) = scope else {
            let message = if self.scopes.is_empty() {
                "a dot means the element of a loop, and there is none here".to_owned()
            } else {
                format!("there are only {} loops around this", self.scopes.len())
            };
            return Err(Fault::new(message, at));
        };
        let code = Code::Element(up);
        match field {
            Some(field) => self.field(code, scope, field, at),
            None => Ok((code, scope)),
        }
    }

    pub(super) fn member(&mut self, of: &Node, field: &str, at: Span) -> Typed {
        let (code, gives) = self.node(of)?;
        self.field(code, gives, field, Span { start: at.end - field.len() as u32, end: at.end })
    }

    fn field(&mut self, code: Code, of: Type, name: &str, at: Span) -> Typed {
        let object = match of {
            Type { base: Base::Object(object), lists: 0 } => object,
            Type { base: Base::Object(object), .. } if object.field(name).is_some() => {
                let fault = Fault::new(format!("this is a list, {of}: its elements have a field `{name}`"), at);
                return Err(fault.hinted("use any(…), map(…) or an index"));
            }
            Type::JSON | Type::TEXTS | Type::TEXT_LISTS => {
                return Err(Fault::new(format!("{of} has no fields"), at).hinted(format!("write [\"{name}\"]")));
            }
            other => return Err(Fault::new(format!("{other} has no field `{name}`"), at)),
        };
        let Some((place, field)) = object.field(name) else {
            let fields = object.table().fields.iter().map(|field| field.name);
            return Err(unknown(format!("{} has no field `{name}`", object.name()), name, fields, at));
        };
        if field.lacks.is_some() {
            self.missing.insert(format!("{}.{name}", object.name()));
        }
        let code = match code {
            Code::Field(of, mut places) => {
                places.push(place);
                Code::Field(of, places)
            }
            of => Code::Field(Box::new(of), vec![place]),
        };
        Ok((code, field.holds))
    }

    pub(super) fn index(&mut self, of: &Node, index: &Node) -> Typed {
        let (code, gives) = self.node(of)?;
        let (place, by) = self.node(index)?;
        let element = match gives {
            Type::TEXTS => Some((Type::TEXT, Type::TEXT)),
            Type::TEXT_LISTS => Some((Type::TEXT.list(), Type::TEXT)),
            Type::JSON => Some((Type::JSON, by)),
            other => other.element().map(|element| (element, Type::INTEGER)),
        };
        let Some((element, wanted)) = element else {
            return Err(Fault::new(format!("{gives} has no elements"), of.at));
        };
        if by != wanted || !(by == Type::TEXT || by == Type::INTEGER) {
            return Err(Fault::new(format!("this is indexed by {wanted}, not by {by}"), index.at));
        }
        Ok((Code::Index(Box::new(code), Box::new(place)), element))
    }

    pub(super) fn slice(&mut self, of: &Node, from: Option<&Node>, to: Option<&Node>) -> Typed {
        let (code, gives) = self.node(of)?;
        if gives != Type::TEXT && gives.lists == 0 {
            return Err(Fault::new(format!("{gives} has no parts"), of.at));
        }
        let mut bound = |node: Option<&Node>| match node {
            None => Ok(None),
            Some(node) => match self.node(node)? {
                (code, Type::INTEGER) => Ok(Some(Box::new(code))),
                (_, other) => Err(Fault::new(format!("a bound is an integer, and this is {other}"), node.at)),
            },
        };
        let (from, to) = (bound(from)?, bound(to)?);
        Ok((Code::Slice(Box::new(code), from, to), gives))
    }
}

/// A name that nothing bears, with the nearest that something does.
pub(super) fn unknown<'a>(message: String, name: &str, names: impl IntoIterator<Item = &'a str>, at: Span) -> Fault {
    let fault = Fault::new(message, at);
    match nearest(name, names) {
        Some(near) => fault.hinted(format!("did you mean `{near}`?")),
        None => fault,
    }
}

/// Whether code is a null of the source.
pub(super) fn is_null(code: &Code) -> bool {
    matches!(code, Code::Constant(Constant::Null))
}
