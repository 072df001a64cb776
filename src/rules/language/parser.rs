//! Tokens in, a syntax tree out: operators by their precedence, depth bounded.

use super::lexer::{Token, tokens};
use super::syntax::{Arithmetic, Kind, Node, Relation};
use super::{Fault, Span};

/// How deep an expression may be nested, brackets and chains of operators alike. Rules of people stay below 40; beyond
/// this a thread of 2 MiB could run out of stack.
pub const DEPTH_MAX: usize = 128;
/// Longest source. The largest rule of the public feed, a list of networks, has 240 kB.
pub const SOURCE_BYTES_MAX: usize = 4 << 20;

/// Words that are no names, except behind a dot.
const KEYWORDS: [&str; 9] = ["and", "or", "not", "in", "of", "is", "null", "true", "false"];

/// Binding strength, loosest first.
pub(super) mod strength {
    pub(in super::super) const OR: u8 = 1;
    pub(in super::super) const AND: u8 = 2;
    pub(in super::super) const NOT: u8 = 3;
    pub(in super::super) const COMPARISON: u8 = 4;
    pub(in super::super) const SUM: u8 = 5;
    pub(in super::super) const PRODUCT: u8 = 6;
    pub(in super::super) const SIGN: u8 = 7;
    pub(in super::super) const POSTFIX: u8 = 8;
}

/// Parses one expression.
///
/// # Errors
/// The first fault of the source.
pub fn parse(source: &str) -> Result<Node, Fault> {
    if source.len() > SOURCE_BYTES_MAX {
        let message = format!("this source has {} bytes, and {SOURCE_BYTES_MAX} are the most", source.len());
        return Err(Fault::new(message, Span::new(0, 1)));
    }
    let mut parser = Parser { tokens: tokens(source)?, at: 0, depth: 0 };
    let node = parser.expression(strength::OR)?;
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

pub(super) struct Parser {
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
}

impl Parser {
    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    /// The token after the next.
    pub(super) fn peek_second(&self) -> &Token {
        self.tokens.get(self.at + 1).map_or(&Token::End, |(token, _)| token)
    }

    pub(super) fn here(&self) -> Span {
        self.tokens[self.at].1
    }

    /// Where the token before this one ends.
    pub(super) fn behind(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].1
    }

    /// Moves on, but never behind the end.
    pub(super) fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if found == word)
    }

    pub(super) fn accept_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn accept(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.accept(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    /// A fault at the next token, which is not what was expected.
    pub(super) fn unexpected(&self, expected: &str) -> Fault {
        let found = match self.peek() {
            Token::End => "the end".to_owned(),
            Token::Word(word) => format!("`{word}`"),
            Token::List(name) => format!("`${name}`"),
            Token::Integer(_) | Token::Float(_) => "a number".to_owned(),
            Token::Text { .. } => "a text".to_owned(),
            Token::Dots { .. } => "a dot".to_owned(),
            Token::InFolded => "`in~`".to_owned(),
            Token::Sign(sign) => format!("`{sign}`"),
        };
        let fault = Fault::new(format!("expected {expected}, found {found}"), self.here());
        match self.peek() {
            Token::Sign("=") => fault.hinted("equality is `==`"),
            Token::Sign("!") => fault.hinted("negation is `not`"),
            _ => fault,
        }
    }

    /// A node, unless the expression becomes too deep with it.
    pub(super) fn node(&self, kind: Kind, at: Span) -> Result<Node, Fault> {
        let node = Node::new(kind, at);
        if node.depth > DEPTH_MAX { Err(too_deep(at)) } else { Ok(node) }
    }

    /// An expression whose operators bind at least so strongly.
    pub(super) fn expression(&mut self, least: u8) -> Result<Node, Fault> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(too_deep(self.here()));
        }
        let mut left = self.prefix(least)?;
        loop {
            let before = self.at;
            left = self.infix(left, least)?;
            if self.at == before {
                break;
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self, least: u8) -> Result<Node, Fault> {
        let start = self.here();
        if self.is_word("not") {
            if least > strength::NOT {
                return Err(self.unexpected("a value").hinted("put `not …` in brackets"));
            }
            self.advance();
            let inner = self.expression(strength::NOT)?;
            let at = start.to(inner.at);
            return self.node(Kind::Not(Box::new(inner)), at);
        }
        if self.accept("-") {
            let inner = self.expression(strength::SIGN)?;
            let at = start.to(inner.at);
            return self.node(Kind::Negative(Box::new(inner)), at);
        }
        self.postfix()
    }

    /// Takes one operator and its right side, if it binds strongly enough.
    fn infix(&mut self, left: Node, least: u8) -> Result<Node, Fault> {
        if self.is_word("or") && least <= strength::OR {
            return self.several(left, "or", strength::AND, Kind::Or);
        }
        if self.is_word("and") && least <= strength::AND {
            return self.several(left, "and", strength::NOT, Kind::And);
        }
        if least <= strength::COMPARISON {
            if let Some(relation) = self.relation() {
                return self.comparison(left, relation);
            }
            if self.is_word("is") {
                return self.is_null(left);
            }
            if let Some((negated, folded)) = self.membership() {
                return self.containment(left, negated, folded);
            }
        }
        let Some((operator, power)) = self.arithmetic() else { return Ok(left) };
        if power < least {
            return Ok(left);
        }
        self.advance();
        let right = self.expression(power + 1)?;
        let at = left.at.to(right.at);
        self.node(Kind::Calculate(Box::new(left), operator, Box::new(right)), at)
    }

    fn several(&mut self, first: Node, word: &str, power: u8, kind: fn(Vec<Node>) -> Kind) -> Result<Node, Fault> {
        let mut nodes = vec![first];
        while self.accept_word(word) {
            nodes.push(self.expression(power)?);
        }
        let at = nodes[0].at.to(self.behind());
        self.node(kind(nodes), at)
    }

    fn relation(&self) -> Option<Relation> {
        let Token::Sign(sign) = self.peek() else { return None };
        let all = [
            Relation::Equal,
            Relation::Unequal,
            Relation::Less,
            Relation::AtMost,
            Relation::Greater,
            Relation::AtLeast,
            Relation::Alike,
            Relation::Unlike,
        ];
        all.into_iter().find(|relation| relation.sign() == *sign)
    }

    fn arithmetic(&self) -> Option<(Arithmetic, u8)> {
        match self.peek() {
            Token::Sign("+") => Some((Arithmetic::Add, strength::SUM)),
            Token::Sign("-") => Some((Arithmetic::Subtract, strength::SUM)),
            Token::Sign("*") => Some((Arithmetic::Multiply, strength::PRODUCT)),
            Token::Sign("/") => Some((Arithmetic::Divide, strength::PRODUCT)),
            Token::Sign("%") => Some((Arithmetic::Remainder, strength::PRODUCT)),
            _ => None,
        }
    }

    fn comparison(&mut self, left: Node, relation: Relation) -> Result<Node, Fault> {
        self.advance();
        let right = self.expression(strength::SUM)?;
        if let Some(second) = self.relation() {
            if !(relation.chains() && second.chains()) {
                let fault = Fault::new("comparisons do not chain, except `a < b <= c`", self.here());
                return Err(fault.hinted("join them with `and`"));
            }
            self.advance();
            let third = self.expression(strength::SUM)?;
            let at = left.at.to(third.at);
            let range = self.node(Kind::Range(Box::new([left, right, third]), [relation, second]), at)?;
            return self.unchained(range);
        }
        let at = left.at.to(right.at);
        let node = self.node(Kind::Compare(Box::new(left), relation, Box::new(right)), at)?;
        self.unchained(node)
    }

    /// A comparison may not be compared again.
    fn unchained(&self, node: Node) -> Result<Node, Fault> {
        if self.relation().is_some() || self.is_word("is") || self.membership().is_some() {
            return Err(self.unexpected("`and`, `or` or the end").hinted("put one of the comparisons in brackets"));
        }
        Ok(node)
    }

    fn is_null(&mut self, left: Node) -> Result<Node, Fault> {
        self.advance();
        let negated = self.accept_word("not");
        if !self.accept_word("null") {
            return Err(self.unexpected("`null`").hinted("values are compared by `==`"));
        }
        let at = left.at.to(self.behind());
        let node = self.node(Kind::IsNull(Box::new(left), negated), at)?;
        self.unchained(node)
    }

    /// Whether `in` follows, in one of its forms: negated, without regard to case.
    fn membership(&self) -> Option<(bool, bool)> {
        let second = || match self.peek_second() {
            Token::InFolded => Some((true, true)),
            Token::Word(word) if word == "in" => Some((true, false)),
            _ => None,
        };
        match self.peek() {
            Token::InFolded => Some((false, true)),
            Token::Word(word) if word == "in" => Some((false, false)),
            Token::Word(word) if word == "not" => second(),
            _ => None,
        }
    }

    fn containment(&mut self, left: Node, negated: bool, folded: bool) -> Result<Node, Fault> {
        self.advance();
        if negated {
            self.advance();
        }
        let heap =
            if matches!(self.peek(), Token::Sign("(")) { self.tuple()? } else { self.expression(strength::SUM)? };
        let at = left.at.to(heap.at);
        let kind = Kind::In { needle: Box::new(left), heap: Box::new(heap), negated, folded };
        let node = self.node(kind, at)?;
        self.unchained(node)
    }
}

/// Whether a word has a meaning of its own and can be no name.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

fn too_deep(at: Span) -> Fault {
    Fault::new(format!("this is nested deeper than {DEPTH_MAX} levels"), at)
}
