//! Static checks: names resolved, types right, patterns compiled, and what Kith lacks to evaluate a rule.

mod arguments;
mod operators;
mod paths;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evaluate::{Code, Constant, Heap};
use super::language::{Fault, Kind, Node};
use super::lists::{self, Lists, Source};
use super::schema::Type;

/// A checked expression.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What can be run.
    pub code: Code,
    /// What it comes to.
    pub gives: Type,
    /// The fields, functions and lists that it names and Kith cannot provide: `$list`, `function()`, `Object.field`.
    pub missing: BTreeSet<String>,
}

/// Checks an expression. Lists count as provided when `lists` has them or the baselines answer for them; without
/// `lists`, when they are known at all.
///
/// # Errors
/// The first fault.
pub fn check(node: &Node, lists: Option<&Lists>) -> Result<Checked, Fault> {
    let mut checker = Checker { scopes: Vec::new(), lists, missing: BTreeSet::new() };
    let (code, gives) = checker.node(node)?;
    Ok(Checked { code, gives, missing: checker.missing })
}

/// As [`check`], for what must be a condition.
///
/// # Errors
/// The first fault, or that it is no condition.
pub fn check_condition(node: &Node, lists: Option<&Lists>) -> Result<Checked, Fault> {
    let checked = check(node, lists)?;
    if matches!(checked.gives, Type::BOOLEAN | Type::NULL) {
        return Ok(checked);
    }
    Err(Fault::new(format!("a rule must be a condition, and this is {}", checked.gives), node.at))
}

struct Checker<'l> {
    /// The elements of the loops around, outermost first.
    scopes: Vec<Type>,
    lists: Option<&'l Lists>,
    missing: BTreeSet<String>,
}

type Typed = Result<(Code, Type), Fault>;

impl Checker<'_> {
    fn node(&mut self, node: &Node) -> Typed {
        match &node.kind {
            Kind::Null => Ok((Code::Constant(Constant::Null), Type::NULL)),
            Kind::Boolean(truth) => Ok((Code::Constant(Constant::Boolean(*truth)), Type::BOOLEAN)),
            Kind::Integer(number) => Ok((Code::Constant(Constant::Integer(*number)), Type::INTEGER)),
            Kind::Float(number) => Ok((Code::Constant(Constant::Float(*number)), Type::FLOAT)),
            Kind::Text { value, .. } => Ok((Code::Constant(Constant::Text(Arc::from(value.as_str()))), Type::TEXT)),
            Kind::List(name) => {
                let name = self.list(name);
                let gives = lists::type_of(&name);
                Ok((Code::List(name), gives))
            }
            Kind::Name(name) => self.name(name, node.at),
            Kind::Element { up, field } => self.element(*up, field.as_deref(), node.at),
            Kind::Member(of, field) => self.member(of, field, node.at),
            Kind::Index(of, index) => self.index(of, index),
            Kind::Slice(of, from, to) => self.slice(of, from.as_deref(), to.as_deref()),
            Kind::Call(name, arguments) => self.call(name, arguments, node.at),
            Kind::Array(nodes) => self.array(nodes),
            Kind::Tuple(_) => {
                Err(Fault::new("values in brackets can only stand behind `in`", node.at).hinted("a list is `[a, b]`"))
            }
            _ => self.operation(node),
        }
    }

    /// A condition.
    fn condition(&mut self, node: &Node) -> Result<Code, Fault> {
        let (code, gives) = self.node(node)?;
        match gives {
            Type::BOOLEAN | Type::NULL => Ok(code),
            Type::JSON => Err(Fault::new("a part of JSON is no condition", node.at).hinted("compare it: `… == true`")),
            other => Err(Fault::new(format!("a condition is wanted, and this is {other}"), node.at)),
        }
    }

    fn conditions(&mut self, nodes: &[Node]) -> Result<Vec<Code>, Fault> {
        nodes.iter().map(|node| self.condition(node)).collect()
    }

    fn array(&mut self, nodes: &[Node]) -> Typed {
        let (mut codes, mut element) = (Vec::with_capacity(nodes.len()), Type::NULL);
        for node in nodes {
            let (code, gives) = self.node(node)?;
            element = element.joined(gives).ok_or_else(|| {
                Fault::new(format!("this is {gives}, and the elements before it are {element}"), node.at)
            })?;
            codes.push(code);
        }
        Ok((Code::Array(codes), element.list()))
    }

    /// Notes a list that cannot be provided.
    fn list(&mut self, name: &str) -> Arc<str> {
        let provided = match self.lists {
            Some(lists) => lists.has(name) || lists::source(name) == Some(Source::History),
            None => lists::source(name).is_some(),
        };
        if !provided {
            self.missing.insert(format!("${name}"));
        }
        Arc::from(name)
    }

    /// Where a value is sought.
    fn heap(&mut self, heap: &Node, needle: Type, folded: bool) -> Result<Heap, Fault> {
        if let Kind::List(name) = &heap.kind {
            return Ok(Heap::List(self.list(name)));
        }
        let Kind::Tuple(nodes) = &heap.kind else {
            let (code, gives) = self.node(heap)?;
            return self.elements(code, gives, needle, heap);
        };
        if let [only] = nodes.as_slice() {
            let (code, gives) = self.node(only)?;
            // Brackets around a list only group it.
            if gives.lists > 0 {
                return match code {
                    Code::List(name) => Ok(Heap::List(name)),
                    code => self.elements(code, gives, needle, only),
                };
            }
        }
        let (mut codes, mut all_texts) = (Vec::with_capacity(nodes.len()), true);
        for node in nodes {
            let (code, gives) = self.node(node)?;
            if !needle.compares_with(gives) {
                return Err(Fault::new(format!("{needle} is sought, and this is {gives}"), node.at));
            }
            all_texts &= code.constant_text().is_some();
            codes.push(code);
        }
        if !all_texts {
            return Ok(Heap::Values(codes));
        }
        let texts = codes.iter().filter_map(Code::constant_text);
        let lower = |text: &Arc<str>| Arc::from(super::evaluate::folded(text));
        Ok(Heap::Texts(if folded { texts.map(lower).collect() } else { texts.cloned().collect() }))
    }

    fn elements(&self, code: Code, gives: Type, needle: Type, node: &Node) -> Result<Heap, Fault> {
        let Some(element) = gives.element() else {
            return Err(Fault::new(format!("a list is wanted behind `in`, and this is {gives}"), node.at));
        };
        if !needle.compares_with(element) {
            return Err(Fault::new(format!("{needle} is sought, and this is a list of {element}"), node.at));
        }
        Ok(Heap::Elements(Box::new(code)))
    }
}
