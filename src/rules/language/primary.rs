//! Values, names, brackets, calls, and what may follow them: members, indices, slices.

use super::lexer::Token;
use super::parser::{Parser, is_keyword, strength};
use super::syntax::{Argument, Kind, Node};
use super::{Fault, Span};

/// Most conditions of `n of (…)`; rules have up to 40.
const CONDITIONS_MAX: i64 = 10_000;

impl Parser {
    /// A value and everything that hangs on it.
    pub(super) fn postfix(&mut self) -> Result<Node, Fault> {
        let mut node = self.primary()?;
        loop {
            node = match self.peek() {
                Token::Dots { count: 1, .. } => self.member(node)?,
                Token::Sign("[") => self.index(node)?,
                Token::Sign("(") => self.call(&node)?,
                _ => return Ok(node),
            };
        }
    }

    fn member(&mut self, of: Node) -> Result<Node, Fault> {
        self.advance();
        let Token::Word(field) = self.peek() else { return Err(self.unexpected("the name of a field")) };
        let field = field.clone();
        let at = of.at.to(self.here());
        self.advance();
        self.node(Kind::Member(Box::new(of), field), at)
    }

    fn index(&mut self, of: Node) -> Result<Node, Fault> {
        self.advance();
        let start = of.at;
        let from = if matches!(self.peek(), Token::Sign(":")) { None } else { Some(self.boxed()?) };
        let kind = match from {
            Some(from) if !matches!(self.peek(), Token::Sign(":")) => Kind::Index(Box::new(of), from),
            from => {
                self.expect(":")?;
                let to = if matches!(self.peek(), Token::Sign("]")) { None } else { Some(self.boxed()?) };
                Kind::Slice(Box::new(of), from, to)
            }
        };
        self.expect("]")?;
        self.node(kind, start.to(self.behind()))
    }

    fn boxed(&mut self) -> Result<Box<Node>, Fault> {
        self.expression(strength::OR).map(Box::new)
    }

    fn call(&mut self, called: &Node) -> Result<Node, Fault> {
        let Some(name) = dotted(called) else {
            return Err(self.unexpected("an operator").hinted("only functions can be called"));
        };
        self.advance();
        let arguments = self.arguments()?;
        self.node(Kind::Call(name, arguments), called.at.to(self.behind()))
    }

    /// Arguments up to the closing bracket, keyword ones last.
    fn arguments(&mut self) -> Result<Vec<Argument>, Fault> {
        let mut arguments: Vec<Argument> = Vec::new();
        while !self.accept(")") {
            let keyword = match (self.peek(), self.peek_second()) {
                (Token::Word(word), Token::Sign("=")) => Some(word.clone()),
                _ => None,
            };
            if keyword.is_some() {
                self.advance();
                self.advance();
            } else if arguments.last().is_some_and(|last| last.keyword.is_some()) {
                return Err(self.unexpected("a keyword argument").hinted("keyword arguments stand last"));
            }
            arguments.push(Argument { keyword, value: self.expression(strength::OR)? });
            if !self.accept(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(arguments)
    }

    /// Values up to a closing bracket; a comma may follow the last.
    fn values(&mut self, close: &str) -> Result<Vec<Node>, Fault> {
        let mut values = Vec::new();
        while !self.accept(close) {
            values.push(self.expression(strength::OR)?);
            if !self.accept(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(values)
    }

    /// The right side of `in` when it stands in brackets: a tuple, even of one.
    pub(super) fn tuple(&mut self) -> Result<Node, Fault> {
        let start = self.here();
        self.advance();
        let values = self.values(")")?;
        self.node(Kind::Tuple(values), start.to(self.behind()))
    }

    fn primary(&mut self) -> Result<Node, Fault> {
        let at = self.here();
        let token = self.peek().clone();
        match token {
            Token::Word(word) => self.word(word),
            Token::Dots { count, touches } => self.element(count, touches),
            Token::Sign("[") => {
                self.advance();
                let values = self.values("]")?;
                self.node(Kind::Array(values), at.to(self.behind()))
            }
            Token::Sign("(") => self.bracket(),
            Token::Integer(number) => {
                self.advance();
                if self.is_word("of") {
                    return self.threshold(number, at);
                }
                self.node(Kind::Integer(number), at)
            }
            Token::Float(number) => self.leaf(Kind::Float(number)),
            Token::Text { value, raw } => self.leaf(Kind::Text { value, raw }),
            Token::List(name) => self.leaf(Kind::List(name)),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn leaf(&mut self, kind: Kind) -> Result<Node, Fault> {
        let at = self.here();
        self.advance();
        self.node(kind, at)
    }

    fn word(&mut self, word: String) -> Result<Node, Fault> {
        match word.as_str() {
            "null" => self.leaf(Kind::Null),
            "true" => self.leaf(Kind::Boolean(true)),
            "false" => self.leaf(Kind::Boolean(false)),
            _ if is_keyword(&word) => Err(self.unexpected("a value")),
            _ => self.leaf(Kind::Name(word)),
        }
    }

    /// `.`, `.field`, `..field`: a dot alone is the element itself, even before a keyword.
    fn element(&mut self, count: usize, touches: bool) -> Result<Node, Fault> {
        let start = self.here();
        self.advance();
        let field = match self.peek() {
            Token::Word(field) if touches => Some(field.clone()),
            _ => None,
        };
        if field.is_some() {
            self.advance();
        }
        self.node(Kind::Element { up: count - 1, field }, start.to(self.behind()))
    }

    /// Brackets: around one value they only group it.
    fn bracket(&mut self) -> Result<Node, Fault> {
        let start = self.here();
        self.advance();
        if matches!(self.peek(), Token::Sign(")")) {
            return Err(self.unexpected("a value"));
        }
        let mut first = self.expression(strength::OR)?;
        if self.accept(")") {
            first.at = start.to(self.behind());
            return Ok(first);
        }
        self.expect(",")?;
        let mut values = vec![first];
        values.extend(self.values(")")?);
        self.node(Kind::Tuple(values), start.to(self.behind()))
    }

    fn threshold(&mut self, number: i64, start: Span) -> Result<Node, Fault> {
        self.advance();
        self.expect("(")?;
        let conditions = self.values(")")?;
        let at = start.to(self.behind());
        if !(1..=CONDITIONS_MAX).contains(&number) || number > conditions.len() as i64 {
            let message = format!("{number} of {} conditions can never be counted", conditions.len());
            return Err(Fault::new(message, start).hinted("the number goes from 1 to that of the conditions"));
        }
        self.node(Kind::Threshold(number as u32, conditions), at)
    }
}

/// The name of a function, with its dots: `strings.contains`.
fn dotted(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Name(name) => Some(name.clone()),
        Kind::Member(of, field) => Some(format!("{}.{field}", dotted(of)?)),
        _ => None,
    }
}
