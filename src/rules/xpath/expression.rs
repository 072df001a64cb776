//! An XPath expression, read once.

use super::functions::Known;
use super::nodes::Axis;
use super::{Place, parser, run};
use crate::message::Tree;

/// Longest expression that is read.
const SOURCE_BYTES_MAX: usize = 8_192;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct XPath(Expression);

impl XPath {
    /// Reads an expression; `None` where it is none.
    pub fn read(source: &str) -> Option<Self> {
        if source.len() > SOURCE_BYTES_MAX { None } else { parser::parse(source).map(Self) }
    }

    /// The nodes that it finds, in the order of the page; `None` where finding them takes more steps than one may.
    /// What is no set of nodes finds none.
    pub fn find(&self, tree: &Tree) -> Option<Vec<Place>> {
        run::find(&self.0, tree)
    }
}

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Union,
}

/// A part of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Text(String),
    Number(f64),
    Negative(Box<Self>),
    Call(Known, Vec<Self>),
    Join(Box<Self>, Operator, Box<Self>),
    /// Steps from the root, from where one stands, or from the nodes of an expression.
    Path(Start, Vec<Step>),
}

/// Where a path begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Start {
    Root,
    Here,
    /// The nodes of an expression that hold to conditions.
    Nodes(Box<Expression>, Vec<Expression>),
}

/// What nodes a step takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// Elements, or attributes on their axis, of a name; `*` for any.
    Name(String),
    Node,
    Text,
    Comment,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub axis: Axis,
    pub test: Test,
    pub conditions: Vec<Expression>,
}
