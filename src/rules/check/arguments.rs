//! Calls: the function, its arguments, and what they must be.

use std::sync::Arc;

use super::paths::unknown;
use super::{Checker, Typed};
use crate::rules::evaluate::{Arguments, Code, Constant, folded};
use crate::rules::functions::{self, Accepts, Arity, Body, Function, Parameter, find};
use crate::rules::language::{Argument, Fault, Node, Span};
use crate::rules::patterns::{Mode, Pattern};
use crate::rules::schema::{Base, Object, Type};

impl Checker<'_> {
    pub(super) fn call(&mut self, name: &str, arguments: &[Argument], at: Span) -> Typed {
        let name_at = Span { start: at.start, end: at.start + name.len() as u32 };
        let Some(function) = find(name) else {
            let names = functions::all().map(|function| function.name);
            return Err(unknown(format!("there is no function `{name}`"), name, names, name_at));
        };
        if let Body::Lacks(_) = function.body {
            self.missing.insert(format!("{name}()"));
        }
        let (mut checked, mut types) = (Arguments::default(), Vec::new());
        let placed: Vec<&Argument> = arguments.iter().filter(|argument| argument.keyword.is_none()).collect();
        for (place, argument) in placed.iter().enumerate() {
            let parameter = parameter_at(function, place).ok_or_else(|| {
                let message = format!("{name} takes no more than {place} arguments");
                Fault::new(message, argument.value.at).hinted(function.signature())
            })?;
            let (code, gives) = self.argument(parameter, &argument.value, types.first().copied())?;
            checked.placed.push(code);
            types.push(gives);
        }
        let needed = |parameter: &&Parameter| matches!(parameter.arity, Arity::One | Arity::Many);
        if let Some(lacking) = function.takes.iter().filter(needed).nth(placed.len()) {
            let fault = Fault::new(format!("{name} wants another argument: {}", lacking.name), name_at);
            return Err(fault.hinted(function.signature()));
        }
        for argument in arguments {
            let Some(keyword) = &argument.keyword else { continue };
            let by_name = |parameter: &&Parameter| parameter.arity == Arity::Keyword && parameter.name == keyword;
            let Some(parameter) = function.takes.iter().find(by_name) else {
                let fault = Fault::new(format!("{name} takes no `{keyword}=`"), argument.value.at);
                return Err(fault.hinted(function.signature()));
            };
            let (code, _) = self.argument(parameter, &argument.value, None)?;
            checked.named.push((parameter.name, code));
        }
        Ok((Code::Call(function, Box::new(checked)), (function.gives)(&types)))
    }

    /// One argument; `list` is the type of the first.
    fn argument(&mut self, parameter: &Parameter, node: &Node, list: Option<Type>) -> Typed {
        match parameter.accepts {
            Accepts::Condition | Accepts::Expression => {
                self.scopes.push(list.and_then(Type::element).unwrap_or(Type::NULL));
                let checked = if parameter.accepts == Accepts::Condition {
                    self.condition(node).map(|code| (code, Type::BOOLEAN))
                } else {
                    self.node(node)
                };
                self.scopes.pop();
                return checked;
            }
            Accepts::Pattern(mode) => return self.pattern(node, mode),
            _ => {}
        }
        let (mut code, gives) = self.node(node)?;
        if parameter.accepts == Accepts::Folded
            && let Some(text) = code.constant_text()
        {
            code = Code::Constant(Constant::Text(Arc::from(folded(text))));
        }
        if gives.is_open() || accepts(parameter.accepts, gives) {
            return Ok((code, gives));
        }
        Err(Fault::new(
            format!("{} must be {}, and this is {gives}", parameter.name, words(parameter.accepts)),
            node.at,
        ))
    }

    /// A pattern that stands in the source is compiled now.
    fn pattern(&mut self, node: &Node, mode: Mode) -> Typed {
        let (code, gives) = self.node(node)?;
        if gives != Type::TEXT && !gives.is_open() {
            return Err(Fault::new(format!("a pattern is a string, and this is {gives}"), node.at));
        }
        let Some(text) = code.constant_text() else { return Ok((code, gives)) };
        let pattern = Pattern::shared(text, mode)
            .map_err(|why| Fault::new(format!("this is no regular expression of RE2: {why}"), node.at))?;
        Ok((Code::Constant(Constant::Pattern(pattern)), Type::TEXT))
    }
}

/// The parameter of the argument at a place: the last that may be repeated takes all that follow.
fn parameter_at(function: &'static Function, place: usize) -> Option<&'static Parameter> {
    let placed = || function.takes.iter().filter(|parameter| parameter.arity != Arity::Keyword);
    placed().nth(place).or_else(|| placed().next_back().filter(|last| last.arity == Arity::Many))
}

fn accepts(wanted: Accepts, gives: Type) -> bool {
    let object = match gives {
        Type { base: Base::Object(object), lists: 0 } => Some(object),
        _ => None,
    };
    match wanted {
        Accepts::Any | Accepts::Condition | Accepts::Expression => true,
        Accepts::Text | Accepts::Folded | Accepts::Pattern(_) => gives == Type::TEXT,
        Accepts::Number => gives.is_number(),
        Accepts::Boolean => gives == Type::BOOLEAN,
        Accepts::Texts => gives == Type::TEXT.list(),
        Accepts::List => gives.lists > 0,
        Accepts::Lists => gives.lists > 1,
        Accepts::Countable => gives.lists > 0 || matches!(gives, Type::TEXT | Type::TEXTS | Type::TEXT_LISTS),
        Accepts::Map => matches!(gives, Type::TEXTS | Type::TEXT_LISTS),
        Accepts::File => object.is_some_and(Object::is_file),
        Accepts::Page => object.is_some_and(Object::is_page),
        Accepts::PageOrFile => gives == Type::TEXT || object.is_some_and(Object::is_file),
        Accepts::Link => gives == Type::TEXT || matches!(object, Some(Object::Link | Object::Url)),
        Accepts::Domain => gives == Type::TEXT || object == Some(Object::Domain),
    }
}

fn words(wanted: Accepts) -> &'static str {
    match wanted {
        Accepts::Any | Accepts::Expression => "a value",
        Accepts::Condition => "a condition",
        Accepts::Text | Accepts::Folded | Accepts::Pattern(_) => "a string",
        Accepts::Number => "a number",
        Accepts::Boolean => "true or false",
        Accepts::Texts => "a list of strings",
        Accepts::List => "a list",
        Accepts::Lists => "a list of lists",
        Accepts::Countable => "a string, a list or a map",
        Accepts::Map => "a map",
        Accepts::File => "a file",
        Accepts::Page => "a page of HTML",
        Accepts::PageOrFile => "a page of HTML, its source or a file",
        Accepts::Link => "a link, a URL or a string",
        Accepts::Domain => "a domain or a string",
    }
}
