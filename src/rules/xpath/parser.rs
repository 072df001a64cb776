//! XPath read into a tree, depth bounded.

use super::expression::{Expression, Operator, Start, Step, Test};
use super::functions::Known;
use super::lexer::{Token, tokens};
use super::nodes::Axis;

/// How deep expressions may lie in one another.
const DEPTH_MAX: usize = 64;

/// Operators from the loosest on; those of one level bind from the left.
const LEVELS: [&[(&str, Operator)]; 7] = [
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[("=", Operator::Equal), ("!=", Operator::Unequal)],
    &[("<", Operator::Less), ("<=", Operator::LessOrEqual), (">", Operator::Greater), (">=", Operator::GreaterOrEqual)],
    &[("+", Operator::Add), ("-", Operator::Subtract)],
    &[("*", Operator::Multiply), ("div", Operator::Divide), ("mod", Operator::Remainder)],
    &[("|", Operator::Union)],
];

/// Reads an expression; `None` where it is none.
pub(super) fn parse(source: &str) -> Option<Expression> {
    let mut parser = Parser { tokens: tokens(source)?, at: 0, depth: 0 };
    let expression = parser.expression()?;
    (parser.at == parser.tokens.len()).then_some(expression)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token::Sign(found)) if *found == sign)
    }

    fn follows(&self, sign: &str) -> bool {
        matches!(self.tokens.get(self.at + 1), Some(Token::Sign(found)) if *found == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is = self.is(sign);
        self.at += usize::from(is);
        is
    }

    fn expression(&mut self) -> Option<Expression> {
        self.depth += 1;
        let read = if self.depth > DEPTH_MAX { None } else { self.level(0) };
        self.depth -= 1;
        read
    }

    fn level(&mut self, level: usize) -> Option<Expression> {
        let Some(operators) = LEVELS.get(level) else { return self.path() };
        // The sign of a number binds looser than a union and tighter than all else.
        let mut negative = false;
        while level == 6 && self.take("-") {
            negative = !negative;
        }
        let mut left = self.level(level + 1)?;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.is(sign)) {
            self.at += 1;
            let right = self.level(level + 1)?;
            left = Expression::Join(Box::new(left), *operator, Box::new(right));
        }
        Some(if negative { Expression::Negative(Box::new(left)) } else { left })
    }

    fn path(&mut self) -> Option<Expression> {
        let mut steps = Vec::new();
        let start = if self.take("//") {
            steps.push(anywhere());
            steps.push(self.step()?);
            Start::Root
        } else if self.take("/") {
            if self.begins_step() {
                steps.push(self.step()?);
            }
            Start::Root
        } else if self.begins_step() {
            steps.push(self.step()?);
            Start::Here
        } else {
            let first = self.primary()?;
            let conditions = self.conditions()?;
            if conditions.is_empty() && !self.is("/") && !self.is("//") {
                return Some(first);
            }
            Start::Nodes(Box::new(first), conditions)
        };
        loop {
            if self.take("//") {
                steps.push(anywhere());
            } else if !self.take("/") {
                return Some(Expression::Path(start, steps));
            }
            steps.push(self.step()?);
        }
    }

    /// Whether a step begins here, and not a call, a literal or a bracket.
    fn begins_step(&self) -> bool {
        match self.peek() {
            Some(Token::Sign(sign)) => matches!(*sign, "." | ".." | "@"),
            Some(Token::Name(name)) => !self.follows("(") || matches!(name.as_str(), "text" | "node" | "comment"),
            _ => false,
        }
    }

    fn step(&mut self) -> Option<Step> {
        for (sign, axis) in [("..", Axis::Parent), (".", Axis::Own)] {
            if self.take(sign) {
                return Some(Step { axis, test: Test::Node, conditions: self.conditions()? });
            }
        }
        let axis = if self.take("@") {
            Axis::Attribute
        } else if self.follows("::") {
            let Some(Token::Name(name)) = self.peek() else { return None };
            let axis = Axis::of(name)?;
            self.at += 2;
            axis
        } else {
            Axis::Child
        };
        let Some(Token::Name(name)) = self.peek().cloned() else { return None };
        self.at += 1;
        let test = if self.take("(") {
            let test = match name.as_str() {
                "text" => Test::Text,
                "node" => Test::Node,
                "comment" => Test::Comment,
                _ => return None,
            };
            if !self.take(")") {
                return None;
            }
            test
        } else {
            Test::Name(name)
        };
        Some(Step { axis, test, conditions: self.conditions()? })
    }

    fn conditions(&mut self) -> Option<Vec<Expression>> {
        let mut conditions = Vec::new();
        while self.take("[") {
            conditions.push(self.expression()?);
            if !self.take("]") {
                return None;
            }
        }
        Some(conditions)
    }

    fn primary(&mut self) -> Option<Expression> {
        let token = self.peek().cloned()?;
        self.at += 1;
        match token {
            Token::Text(text) => Some(Expression::Text(text)),
            Token::Number(number) => Some(Expression::Number(number)),
            Token::Sign("(") => {
                let inner = self.expression()?;
                self.take(")").then_some(inner)
            }
            Token::Name(name) if self.take("(") => {
                let mut arguments = Vec::new();
                while !self.take(")") {
                    if !arguments.is_empty() && !self.take(",") {
                        return None;
                    }
                    arguments.push(self.expression()?);
                }
                Known::of(&name, arguments.len()).map(|known| Expression::Call(known, arguments))
            }
            _ => None,
        }
    }
}

/// The step that `//` stands for.
fn anywhere() -> Step {
    Step { axis: Axis::DescendantOrSelf, test: Test::Node, conditions: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_expression_is_none() {
        for source in ["", "//", "a[", "a]", "a[]", "//a]", "f(x)", "contains(a)", "text(", "child::", "a b", "odd::a"]
        {
            assert_eq!(parse(source), None, "{source}");
        }
    }

    #[test]
    fn depth_has_a_limit() {
        let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(DEPTH_MAX - 1)).is_some());
        assert!(parse(&nested(DEPTH_MAX)).is_none());
    }
}
