//! A checked expression: names are resolved, types are right, patterns are compiled.

use std::collections::HashSet;
use std::sync::Arc;

use super::networks::Networks;
use super::path::Path;
use crate::rules::functions::{Accepts, Arity, Body, Function, Parameter};
use crate::rules::language::{Arithmetic, Relation};
use crate::rules::patterns::Pattern;

/// A value that stands in the source.
#[derive(Clone, Debug)]
pub enum Constant {
    /// `null`
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// A pattern, compiled.
    Pattern(Arc<Pattern>),
    /// Networks.
    Networks(Arc<Networks>),
}

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Those by place.
    pub placed: Vec<Code>,
    /// Those by keyword.
    pub named: Vec<(&'static str, Code)>,
    /// For each place, phrases of which one must stand in the text that is the first argument, or else the one there
    /// cannot match; empty where that is not known. They are numbers of a [`RuleSet`](crate::rules::set::RuleSet).
    pub wanted: Vec<Box<[u32]>>,
}

/// Where a value is sought by `in`.
#[derive(Clone, Debug)]
pub enum Heap {
    /// Among texts of the source, in lower case where case is ignored.
    Texts(HashSet<Arc<str>>),
    /// Among values.
    Values(Vec<Code>),
    /// In a list of the message.
    Elements(Box<Code>),
    /// In a list kept elsewhere.
    List(Arc<str>),
}

/// A checked expression.
#[derive(Clone, Debug)]
pub enum Code {
    /// A value of the source.
    Constant(Constant),
    /// A field of the message, by its place.
    Message(usize),
    /// The element of a loop, so many loops outside the innermost.
    Element(usize),
    /// A field of an object, of an object in it, and so on, by their places.
    Field(Box<Self>, Vec<usize>),
    /// A field of the message or of a loop's element, as it is run.
    Path(Path),
    /// An element of a list, a map or JSON.
    Index(Box<Self>, Box<Self>),
    /// A part of a list or text.
    Slice(Box<Self>, Option<Box<Self>>, Option<Box<Self>>),
    /// What a function gives.
    Call(&'static Function, Box<Arguments>),
    /// Several values.
    Array(Vec<Self>),
    /// A list kept elsewhere.
    List(Arc<str>),
    /// The contrary.
    Not(Box<Self>),
    /// The negative.
    Negative(Box<Self>),
    /// Whether all are true.
    And(Vec<Self>),
    /// Whether one is true.
    Or(Vec<Self>),
    /// Whether so many are true.
    Threshold(u32, Vec<Self>),
    /// A comparison.
    Compare(Box<Self>, Relation, Box<Self>),
    /// A value between two others.
    Range(Box<[Self; 3]>, [Relation; 2]),
    /// Whether a value is among others.
    In {
        /// The value.
        needle: Box<Self>,
        /// The others.
        heap: Heap,
        /// Whether the answer is turned round.
        negated: bool,
        /// Whether case is ignored.
        folded: bool,
    },
    /// Whether a value is null, or is not.
    IsNull(Box<Self>, bool),
    /// A calculation.
    Calculate(Box<Self>, Arithmetic, Box<Self>),
    /// Whether an entry of a list kept elsewhere stands in a text.
    Stands {
        /// The text.
        text: Box<Self>,
        /// The list.
        list: Arc<str>,
        /// Whether case is ignored.
        folded: bool,
    },
    /// What stands in several places, or within a loop on whose elements it does not depend: computed once for each
    /// message, and kept under a number.
    Shared(u32, Arc<Self>),
}

/// Whether a function computes the argument at a place for each element of a list.
pub fn is_of_elements(function: &Function, place: usize) -> bool {
    let placed = || function.takes.iter().filter(|parameter| parameter.arity != Arity::Keyword);
    let parameter = placed().nth(place).or_else(|| placed().next_back());
    parameter.is_some_and(|parameter| matches!(parameter.accepts, Accepts::Condition | Accepts::Expression))
}

/// Whether a function looks into a file.
pub fn is_of_files(function: &Function) -> bool {
    let reads = |parameter: &Parameter| matches!(parameter.accepts, Accepts::File | Accepts::PageOrFile);
    matches!(function.body, Body::Known(_)) && function.takes.iter().any(reads)
}

impl Code {
    /// The parts that it is made of, in their order, each with whether it is computed for each element of a list.
    pub fn parts(&self) -> Vec<(&Self, bool)> {
        fn once(code: &Code) -> (&Code, bool) {
            (code, false)
        }
        match self {
            Self::Constant(_) | Self::Message(_) | Self::Element(_) | Self::List(_) | Self::Path(_) => Vec::new(),
            Self::Field(of, _) | Self::Not(of) | Self::Negative(of) | Self::IsNull(of, _) => vec![once(of)],
            Self::Shared(_, of) => vec![once(of)],
            Self::Stands { text, .. } => vec![once(text)],
            Self::Index(a, b) | Self::Compare(a, _, b) | Self::Calculate(a, _, b) => vec![once(a), once(b)],
            Self::Slice(of, from, to) => [Some(of), from.as_ref(), to.as_ref()]
                .into_iter()
                .flatten()
                .map(|code| (code.as_ref(), false))
                .collect(),
            Self::Call(function, arguments) => {
                let placed = arguments.placed.iter().enumerate();
                let placed = placed.map(|(place, code)| (code, is_of_elements(function, place)));
                placed.chain(arguments.named.iter().map(|(_, code)| once(code))).collect()
            }
            Self::Array(all) | Self::And(all) | Self::Or(all) | Self::Threshold(_, all) => {
                all.iter().map(once).collect()
            }
            Self::Range(three, _) => three.iter().map(once).collect(),
            Self::In { needle, heap, .. } => {
                let mut parts = vec![once(needle.as_ref())];
                match heap {
                    Heap::Texts(_) | Heap::List(_) => {}
                    Heap::Values(values) => parts.extend(values.iter().map(once)),
                    Heap::Elements(list) => parts.push(once(list.as_ref())),
                }
                parts
            }
        }
    }

    /// The parts that it is made of, in the order of [`Code::parts`], to be replaced.
    pub fn parts_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Constant(_) | Self::Message(_) | Self::Element(_) | Self::List(_) => Vec::new(),
            Self::Path(_) | Self::Shared(..) => Vec::new(),
            Self::Field(of, _) | Self::Not(of) | Self::Negative(of) | Self::IsNull(of, _) => vec![of],
            Self::Stands { text, .. } => vec![text],
            Self::Index(a, b) | Self::Compare(a, _, b) | Self::Calculate(a, _, b) => vec![a, b],
            Self::Slice(of, from, to) => {
                [Some(of), from.as_mut(), to.as_mut()].into_iter().flatten().map(AsMut::as_mut).collect()
            }
            Self::Call(_, arguments) => {
                let Arguments { placed, named, .. } = arguments.as_mut();
                placed.iter_mut().chain(named.iter_mut().map(|(_, code)| code)).collect()
            }
            Self::Array(all) | Self::And(all) | Self::Or(all) | Self::Threshold(_, all) => all.iter_mut().collect(),
            Self::Range(three, _) => three.iter_mut().collect(),
            Self::In { needle, heap, .. } => {
                let mut parts = vec![needle.as_mut()];
                match heap {
                    Heap::Texts(_) | Heap::List(_) => {}
                    Heap::Values(values) => parts.extend(values),
                    Heap::Elements(list) => parts.push(list),
                }
                parts
            }
        }
    }

    /// The text, where it is one of the source.
    pub fn constant_text(&self) -> Option<&Arc<str>> {
        match self {
            Self::Constant(Constant::Text(text)) => Some(text),
            _ => None,
        }
    }
}
