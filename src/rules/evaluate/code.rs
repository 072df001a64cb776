//! A checked expression: names are resolved, types are right, patterns are compiled.

use std::collections::HashSet;
use std::sync::Arc;

use crate::rules::functions::Function;
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
}

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Those by place.
    pub placed: Vec<Code>,
    /// Those by keyword.
    pub named: Vec<(&'static str, Code)>,
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
    /// A field of an object, by its place.
    Field(Box<Self>, usize),
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
}

impl Code {
    /// The text, where it is one of the source.
    pub fn constant_text(&self) -> Option<&Arc<str>> {
        match self {
            Self::Constant(Constant::Text(text)) => Some(text),
            _ => None,
        }
    }
}
