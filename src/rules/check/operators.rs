//! Operators and the types of their sides.

use super::paths::is_null;
use super::{Checker, Typed};
use crate::rules::evaluate::Code;
use crate::rules::language::{Arithmetic, Fault, Kind, Node, Relation};
use crate::rules::schema::Type;

impl Checker<'_> {
    pub(super) fn operation(&mut self, node: &Node) -> Typed {
        let code = match &node.kind {
            Kind::Not(inner) => Code::Not(Box::new(self.condition(inner)?)),
            Kind::And(nodes) => Code::And(self.conditions(nodes)?),
            Kind::Or(nodes) => Code::Or(self.conditions(nodes)?),
            Kind::Threshold(number, nodes) => Code::Threshold(*number, self.conditions(nodes)?),
            Kind::Compare(left, relation, right) => self.comparison(left, *relation, right)?,
            Kind::Range(nodes, relations) => {
                let [low, middle, high] = nodes.as_ref();
                let mut number = |node: &Node| match self.node(node)? {
                    (code, gives) if gives.is_number() || gives.is_open() => Ok(code),
                    (_, gives) => Err(Fault::new(format!("a range is of numbers, and this is {gives}"), node.at)),
                };
                Code::Range(Box::new([number(low)?, number(middle)?, number(high)?]), *relations)
            }
            Kind::In { needle, heap, negated, folded } => {
                let (code, gives) = self.node(needle)?;
                if gives.lists > 0 {
                    let fault = Fault::new(format!("one value is sought, and this is {gives}"), needle.at);
                    return Err(fault.hinted("use any(…, . in …)"));
                }
                let heap = self.heap(heap, gives, *folded)?;
                Code::In { needle: Box::new(code), heap, negated: *negated, folded: *folded }
            }
            Kind::IsNull(inner, negated) => Code::IsNull(Box::new(self.node(inner)?.0), *negated),
            Kind::Negative(inner) => {
                let (code, gives) = self.node(inner)?;
                if !gives.is_number() {
                    return Err(Fault::new(format!("a number is wanted, and this is {gives}"), inner.at));
                }
                return Ok((Code::Negative(Box::new(code)), gives));
            }
            Kind::Calculate(left, operator, right) => return self.calculation(left, *operator, right),
            // What is no operator was taken before.
            _ => return Err(Fault::new("this is no operator", node.at)),
        };
        Ok((code, Type::BOOLEAN))
    }

    fn comparison(&mut self, left: &Node, relation: Relation, right: &Node) -> Result<Code, Fault> {
        let (a, one) = self.node(left)?;
        let (b, other) = self.node(right)?;
        for (gives, node) in [(one, left), (other, right)] {
            if gives.lists > 0 {
                let fault = Fault::new(format!("a list, {gives}, is compared with nothing"), node.at);
                return Err(fault.hinted("compare its length(…), or use any(…)"));
            }
        }
        let null = is_null(&a) || is_null(&b);
        let fits = match relation {
            Relation::Equal | Relation::Unequal => one.compares_with(other),
            Relation::Alike | Relation::Unlike => {
                [one, other].iter().all(|gives| *gives == Type::TEXT || gives.is_open())
            }
            _ => one.compares_with(other) && ![one, other].contains(&Type::BOOLEAN),
        };
        if !fits && !null {
            let message = format!("{one} and {other} cannot be compared by `{}`", relation.sign());
            return Err(Fault::new(message, left.at.to(right.at)));
        }
        Ok(Code::Compare(Box::new(a), relation, Box::new(b)))
    }

    fn calculation(&mut self, left: &Node, operator: Arithmetic, right: &Node) -> Typed {
        let (a, one) = self.node(left)?;
        let (b, other) = self.node(right)?;
        for (gives, node) in [(one, left), (other, right)] {
            if gives == Type::TEXT && operator == Arithmetic::Add {
                let fault = Fault::new("`+` adds numbers, and this is a string", node.at);
                return Err(fault.hinted("join strings by strings.concat(…)"));
            }
            if !gives.is_number() && !gives.is_open() {
                return Err(Fault::new(format!("a number is wanted, and this is {gives}"), node.at));
            }
        }
        let gives = if one == Type::INTEGER && other == Type::INTEGER { Type::INTEGER } else { Type::FLOAT };
        Ok((Code::Calculate(Box::new(a), operator, Box::new(b)), gives))
    }
}
