//! The syntax of an expression as a tree, with where each part stands.

use super::Span;

/// A part of an expression. Two are equal when they say the same, wherever they stand.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub at: Span,
    /// How many levels it is deep, itself included.
    pub(super) depth: usize,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// A comparison of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `=~`, without regard to case
    Alike,
    /// `!~`
    Unlike,
}

impl Relation {
    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Alike => "=~",
            Self::Unlike => "!~",
        }
    }

    /// Whether it may be chained to a range.
    pub(super) fn chains(self) -> bool {
        matches!(self, Self::Less | Self::AtMost)
    }
}

/// A calculation with two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Arithmetic {
    /// As it is written.
    pub fn sign(self) -> char {
        match self {
            Self::Add => '+',
            Self::Subtract => '-',
            Self::Multiply => '*',
            Self::Divide => '/',
            Self::Remainder => '%',
        }
    }
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The keyword, where it has one.
    pub keyword: Option<String>,
    /// The value.
    pub value: Node,
}

/// What a part of an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction or exponent.
    Float(f64),
    /// A text; `raw` where it was written in single quotes.
    Text {
        /// What it says.
        value: String,
        /// How it was quoted.
        raw: bool,
    },
    /// `$name`: a list kept elsewhere.
    List(String),
    /// A field of the message.
    Name(String),
    /// `.`, `.field`, `..field`: the element of an enclosing loop, `up` loops further out.
    Element {
        /// How many loops outside the innermost.
        up: usize,
        /// The field of it that is meant.
        field: Option<String>,
    },
    /// `a.field`
    Member(Box<Node>, String),
    /// `a[i]`
    Index(Box<Node>, Box<Node>),
    /// `a[from:to]`
    Slice(Box<Node>, Option<Box<Node>>, Option<Box<Node>>),
    /// `name(…)`, the name with its dots.
    Call(String, Vec<Argument>),
    /// `[a, b]`
    Array(Vec<Node>),
    /// `(a, b)`, beside `in`
    Tuple(Vec<Node>),
    /// `not a`
    Not(Box<Node>),
    /// `-a`
    Negative(Box<Node>),
    /// `a and b and …`
    And(Vec<Node>),
    /// `a or b or …`
    Or(Vec<Node>),
    /// `n of (a, b, …)`
    Threshold(u32, Vec<Node>),
    /// `a == b` and the like
    Compare(Box<Node>, Relation, Box<Node>),
    /// `a < b <= c`
    Range(Box<[Node; 3]>, [Relation; 2]),
    /// `a in b`
    In {
        /// What is sought.
        needle: Box<Node>,
        /// Where.
        heap: Box<Node>,
        /// Whether the answer is turned round (`not in`).
        negated: bool,
        /// Whether case is ignored (`in~`).
        folded: bool,
    },
    /// `a is null`, or `a is not null`
    IsNull(Box<Node>, bool),
    /// `a + b` and the like
    Calculate(Box<Node>, Arithmetic, Box<Node>),
}

impl Node {
    /// A part with its place; its depth follows from its children.
    pub(super) fn new(kind: Kind, at: Span) -> Self {
        let depth = 1 + kind.children().into_iter().map(|child| child.depth).max().unwrap_or(0);
        Self { kind, at, depth }
    }
}

impl Kind {
    /// The parts directly below.
    pub fn children(&self) -> Vec<&Node> {
        match self {
            Self::Null | Self::Boolean(_) | Self::Integer(_) | Self::Float(_) | Self::Text { .. } => Vec::new(),
            Self::List(_) | Self::Name(_) | Self::Element { .. } => Vec::new(),
            Self::Member(node, _) | Self::Not(node) | Self::Negative(node) | Self::IsNull(node, _) => vec![node],
            Self::Index(a, b) | Self::Compare(a, _, b) | Self::Calculate(a, _, b) => vec![a, b],
            Self::In { needle, heap, .. } => vec![needle, heap],
            Self::Slice(node, from, to) => {
                [Some(node), from.as_ref(), to.as_ref()].into_iter().flatten().map(AsRef::as_ref).collect()
            }
            Self::Call(_, arguments) => arguments.iter().map(|argument| &argument.value).collect(),
            Self::Array(nodes) | Self::Tuple(nodes) | Self::And(nodes) | Self::Or(nodes) => nodes.iter().collect(),
            Self::Threshold(_, nodes) => nodes.iter().collect(),
            Self::Range(nodes, _) => nodes.iter().collect(),
        }
    }
}
