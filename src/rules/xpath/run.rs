//! XPath run over a page.

use std::borrow::Cow;
use std::cell::Cell;

use super::Place;
use super::expression::{Expression, Operator, Start, Step};
use super::functions::{self, Known};
use super::nodes::Axis;
use crate::message::Tree;

/// Steps that one expression may take: a node looked at is one. Pages of newsletters take a few thousand.
const STEPS_MAX: usize = 1_000_000;
/// Bytes of text that are read in about the time of one step.
const BYTES_PER_STEP: usize = 64;

/// What an expression comes to.
enum Value<'t> {
    Nodes(Vec<Place>),
    Text(Cow<'t, str>),
    Number(f64),
    Boolean(bool),
}

/// Where one stands.
#[derive(Clone, Copy)]
struct Standing {
    place: Place,
    position: usize,
    last: usize,
}

struct Run<'t> {
    tree: &'t Tree,
    steps: Cell<usize>,
}

/// The nodes that an expression finds; `None` where that takes too many steps.
pub(super) fn find(expression: &Expression, tree: &Tree) -> Option<Vec<Place>> {
    let run = Run { tree, steps: Cell::new(STEPS_MAX) };
    match run.value(expression, Standing { place: Place::ROOT, position: 1, last: 1 })? {
        Value::Nodes(places) => Some(places),
        _ => Some(Vec::new()),
    }
}

impl<'t> Run<'t> {
    fn spend(&self, steps: usize) -> Option<()> {
        self.steps.set(self.steps.get().checked_sub(steps + 1)?);
        Some(())
    }

    fn value(&self, expression: &Expression, at: Standing) -> Option<Value<'t>> {
        self.spend(0)?;
        Some(match expression {
            Expression::Text(text) => Value::Text(Cow::Owned(text.clone())),
            Expression::Number(number) => Value::Number(*number),
            Expression::Negative(inner) => Value::Number(-self.number(&self.value(inner, at)?)?),
            Expression::Path(start, steps) => Value::Nodes(self.path(start, steps, at)?),
            Expression::Call(known, arguments) => self.call(*known, arguments, at)?,
            Expression::Join(left, operator, right) => self.join(left, *operator, right, at)?,
        })
    }

    fn join(&self, left: &Expression, operator: Operator, right: &Expression, at: Standing) -> Option<Value<'t>> {
        let left = self.value(left, at)?;
        match operator {
            Operator::Or if self.truth(&left) => return Some(Value::Boolean(true)),
            Operator::And if !self.truth(&left) => return Some(Value::Boolean(false)),
            _ => {}
        }
        let right = self.value(right, at)?;
        Some(match operator {
            Operator::Or | Operator::And => Value::Boolean(self.truth(&right)),
            Operator::Union => match (left, right) {
                (Value::Nodes(mut places), Value::Nodes(more)) => {
                    places.extend(more);
                    places.sort_unstable();
                    places.dedup();
                    Value::Nodes(places)
                }
                _ => Value::Nodes(Vec::new()),
            },
            Operator::Add => Value::Number(self.number(&left)? + self.number(&right)?),
            Operator::Subtract => Value::Number(self.number(&left)? - self.number(&right)?),
            Operator::Multiply => Value::Number(self.number(&left)? * self.number(&right)?),
            Operator::Divide => Value::Number(self.number(&left)? / self.number(&right)?),
            Operator::Remainder => Value::Number(self.number(&left)? % self.number(&right)?),
            _ => Value::Boolean(self.compares(&left, operator, &right)?),
        })
    }

    /// A comparison holds of nodes where it holds of one of them (§3.4).
    fn compares(&self, left: &Value<'t>, operator: Operator, right: &Value<'t>) -> Option<bool> {
        for (nodes, other, turned) in [(left, right, false), (right, left, true)] {
            let Value::Nodes(places) = nodes else { continue };
            if matches!(other, Value::Boolean(_)) {
                break;
            }
            for place in places {
                let text = Value::Text(self.text_of(*place)?);
                let holds =
                    if turned { self.compares(other, operator, &text) } else { self.compares(&text, operator, other) };
                if holds? {
                    return Some(true);
                }
            }
            return Some(false);
        }
        let equal = match (left, right) {
            (Value::Boolean(_), _) | (_, Value::Boolean(_)) => self.truth(left) == self.truth(right),
            (Value::Number(_), _) | (_, Value::Number(_)) => self.number(left)? == self.number(right)?,
            _ => self.text(left)? == self.text(right)?,
        };
        Some(match operator {
            Operator::Equal => equal,
            Operator::Unequal => !equal,
            Operator::Less => self.number(left)? < self.number(right)?,
            Operator::LessOrEqual => self.number(left)? <= self.number(right)?,
            Operator::Greater => self.number(left)? > self.number(right)?,
            _ => self.number(left)? >= self.number(right)?,
        })
    }

    fn path(&self, start: &Start, steps: &[Step], at: Standing) -> Option<Vec<Place>> {
        let mut places = match start {
            Start::Root => vec![Place::ROOT],
            Start::Here => vec![at.place],
            Start::Nodes(inner, conditions) => match self.value(inner, at)? {
                Value::Nodes(places) => self.hold(places, conditions)?,
                _ => Vec::new(),
            },
        };
        let mut rest = steps;
        while let Some((step, behind)) = rest.split_first() {
            rest = behind;
            // `//a` looks at each node within once where no place among siblings is asked for.
            let joined = behind.first().filter(|next| is_anywhere(step) && next.axis == Axis::Child);
            let joined = joined.filter(|next| next.conditions.iter().all(is_placeless));
            let axis = if joined.is_some() { Axis::Descendant } else { step.axis };
            let step = joined.unwrap_or(step);
            if joined.is_some() {
                rest = &rest[1..];
            }
            let (mut found, mut covered) = (Vec::new(), 0);
            for place in places {
                // What lies within a node that was gone through already was found with it.
                if axis == Axis::Descendant && place.node < covered {
                    continue;
                }
                let mut reached = axis.from(place, self.tree);
                self.spend(reached.len())?;
                reached.retain(|reached| reached.is(&step.test, axis, self.tree));
                found.extend(self.hold(reached, &step.conditions)?);
                if axis == Axis::Descendant && step.conditions.iter().all(is_placeless) {
                    covered = self.tree.nodes().get(place.node).map_or(0, |node| node.end);
                }
            }
            found.sort_unstable();
            found.dedup();
            places = found;
        }
        Some(places)
    }

    /// Those of the places that hold to all conditions, one after the other.
    fn hold(&self, places: Vec<Place>, conditions: &[Expression]) -> Option<Vec<Place>> {
        let mut places = places;
        for condition in conditions {
            let (mut held, last) = (Vec::new(), places.len());
            for (position, place) in places.into_iter().enumerate() {
                let value = self.value(condition, Standing { place, position: position + 1, last })?;
                let holds = match value {
                    Value::Number(number) => number == position as f64 + 1.0,
                    value => self.truth(&value),
                };
                if holds {
                    held.push(place);
                }
            }
            places = held;
        }
        Some(places)
    }

    fn call(&self, known: Known, arguments: &[Expression], at: Standing) -> Option<Value<'t>> {
        let given = |place: usize| match arguments.get(place) {
            Some(argument) => self.value(argument, at),
            None => Some(Value::Nodes(vec![at.place])),
        };
        let text = |place: usize| self.text(&given(place)?);
        let number = |place: usize| self.number(&given(place)?);
        Some(match known {
            Known::Boolean => Value::Boolean(self.truth(&given(0)?)),
            Known::Not => Value::Boolean(!self.truth(&given(0)?)),
            Known::True => Value::Boolean(true),
            Known::False => Value::Boolean(false),
            Known::Last => Value::Number(at.last as f64),
            Known::Position => Value::Number(at.position as f64),
            Known::Count | Known::Sum => {
                let Value::Nodes(places) = given(0)? else { return Some(Value::Number(f64::NAN)) };
                if known == Known::Count {
                    return Some(Value::Number(places.len() as f64));
                }
                let mut sum = 0.0;
                for place in places {
                    sum += functions::number(&self.text_of(place)?);
                }
                Value::Number(sum)
            }
            Known::Name | Known::LocalName => {
                let name = match given(0)? {
                    Value::Nodes(places) => places.first().map_or("", |place| place.name(self.tree)),
                    _ => "",
                };
                let local = name.rsplit(':').next().unwrap_or_default();
                Value::Text(Cow::Borrowed(if known == Known::Name { name } else { local }))
            }
            Known::Number => Value::Number(number(0)?),
            Known::Floor => Value::Number(number(0)?.floor()),
            Known::Ceiling => Value::Number(number(0)?.ceil()),
            Known::Round => Value::Number(functions::round(number(0)?)),
            Known::Contains => Value::Boolean(text(0)?.contains(text(1)?.as_ref())),
            Known::StartsWith => Value::Boolean(text(0)?.starts_with(text(1)?.as_ref())),
            Known::EndsWith => Value::Boolean(text(0)?.ends_with(text(1)?.as_ref())),
            Known::StringLength => Value::Number(text(0)?.chars().count() as f64),
            _ => Value::Text(self.made(known, arguments, at)?),
        })
    }

    /// The functions that make a text.
    fn made(&self, known: Known, arguments: &[Expression], at: Standing) -> Option<Cow<'t, str>> {
        let given = |place: usize| match arguments.get(place) {
            Some(argument) => self.value(argument, at),
            None => Some(Value::Nodes(vec![at.place])),
        };
        let text = |place: usize| self.text(&given(place)?);
        Some(match known {
            Known::Concat => {
                let mut all = String::new();
                for place in 0..arguments.len() {
                    all.push_str(&text(place)?);
                }
                Cow::Owned(all)
            }
            Known::LowerCase => Cow::Owned(text(0)?.to_lowercase()),
            Known::UpperCase => Cow::Owned(text(0)?.to_uppercase()),
            Known::NormalizeSpace => Cow::Owned(functions::normalized(&text(0)?)),
            Known::Translate => Cow::Owned(functions::translated(&text(0)?, &text(1)?, &text(2)?)),
            Known::Substring => {
                let len = if arguments.len() > 2 { self.number(&given(2)?)? } else { f64::INFINITY };
                Cow::Owned(functions::substring(&text(0)?, self.number(&given(1)?)?, len))
            }
            Known::SubstringAfter | Known::SubstringBefore => {
                let (whole, mark) = (text(0)?, text(1)?);
                let parts = whole.split_once(mark.as_ref()).unwrap_or_default();
                Cow::Owned(if known == Known::SubstringAfter { parts.1 } else { parts.0 }.to_owned())
            }
            _ => text(0)?,
        })
    }

    fn truth(&self, value: &Value<'t>) -> bool {
        match value {
            Value::Nodes(places) => !places.is_empty(),
            Value::Text(text) => !text.is_empty(),
            Value::Number(number) => *number != 0.0 && !number.is_nan(),
            Value::Boolean(truth) => *truth,
        }
    }

    fn number(&self, value: &Value<'t>) -> Option<f64> {
        Some(match value {
            Value::Number(number) => *number,
            Value::Boolean(truth) => f64::from(u8::from(*truth)),
            other => functions::number(&self.text(other)?),
        })
    }

    fn text(&self, value: &Value<'t>) -> Option<Cow<'t, str>> {
        Some(match value {
            Value::Nodes(places) => match places.first() {
                Some(place) => self.text_of(*place)?,
                None => Cow::Borrowed(""),
            },
            Value::Text(text) => text.clone(),
            Value::Number(number) => Cow::Owned(functions::text(*number)),
            Value::Boolean(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
        })
    }

    fn text_of(&self, place: Place) -> Option<Cow<'t, str>> {
        if place.attribute == 0 {
            let within = self.tree.nodes().get(place.node).map_or(0, |node| node.end.saturating_sub(place.node));
            self.spend(within)?;
        }
        let text = place.text(self.tree);
        self.spend(text.len() / BYTES_PER_STEP)?;
        Some(text)
    }
}

/// Whether a step is that of `//`.
fn is_anywhere(step: &Step) -> bool {
    step.axis == Axis::DescendantOrSelf && step.test == super::expression::Test::Node && step.conditions.is_empty()
}

/// Whether a condition holds whatever the place among siblings is.
fn is_placeless(condition: &Expression) -> bool {
    match condition {
        Expression::Number(_) | Expression::Negative(_) => false,
        Expression::Call(known, arguments) => {
            let is_number = matches!(
                known,
                Known::Last
                    | Known::Position
                    | Known::Count
                    | Known::Sum
                    | Known::Number
                    | Known::StringLength
                    | Known::Floor
                    | Known::Ceiling
                    | Known::Round
            );
            !is_number && arguments.iter().all(names_no_place)
        }
        Expression::Join(left, operator, right) => {
            let is_number = matches!(
                operator,
                Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder
            );
            !is_number && names_no_place(left) && names_no_place(right)
        }
        Expression::Text(_) | Expression::Path(..) => true,
    }
}

/// Whether neither `position()` nor `last()` stands in an expression; those within the conditions of a path are its own.
fn names_no_place(expression: &Expression) -> bool {
    match expression {
        Expression::Call(Known::Last | Known::Position, _) => false,
        Expression::Call(_, arguments) => arguments.iter().all(names_no_place),
        Expression::Join(left, _, right) => names_no_place(left) && names_no_place(right),
        Expression::Negative(inner) => names_no_place(inner),
        Expression::Text(_) | Expression::Number(_) | Expression::Path(..) => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::message::Tree;
    use crate::rules::xpath::XPath;

    const PAGE: &str = "<html><head><title>Sign in</title></head><body><!-- made by hand --><div class='box' id=a>\
        <p style='Color:#605E5C'>One</p><p>Two <b>bold</b></p></div><table width=700><tr><td>a</td><td>b<a href='/x'>\
        <img src='i.png' width=9></a></td></tr><tr><th>c</th></tr></table><a href='/y'>far</a></body></html>";

    /// What an expression finds, each as its text, or its source where it has none.
    fn check(xpath: &str, expected: &[&str]) {
        let (tree, read) = (Tree::read(PAGE), XPath::read(xpath));
        let places = read.expect("an expression").find(&tree).expect("few steps");
        let shown: Vec<String> = places
            .iter()
            .map(|place| match place.text(&tree).trim() {
                "" => tree.raw(place.node).to_owned(),
                text => text.to_owned(),
            })
            .collect();
        assert_eq!(shown, expected, "{xpath}");
    }

    #[test]
    fn axes_reach_nodes() {
        check("//title", &["Sign in"]);
        check("/html/body/div/p", &["One", "Two bold"]);
        check("//b/ancestor::div/@class", &["box"]);
        check("//b/parent::p/preceding-sibling::p", &["One"]);
        check("//div/following-sibling::*", &["abc", "far"]);
        check("//td[1]/following::a", &["<a href='/x'><img src='i.png' width=9></a>", "far"]);
        check("//table//td/text()", &["a", "b"]);
        check("//comment()", &["made by hand"]);
        check("//table/tbody/tr[2]/th/preceding::td", &["a", "b"]);
        check("descendant::b/../self::p", &["Two bold"]);
        check("//@src | //title", &["Sign in", "i.png"]);
    }

    #[test]
    fn conditions_choose_among_nodes() {
        check("//p[2]", &["Two bold"]);
        check("//p[last()]/b", &["bold"]);
        check("//p[position() < 2]", &["One"]);
        check("//tr[td[1]]/td[2]//a", &["<a href='/x'><img src='i.png' width=9></a>"]);
        check("//div[@class='box' and @id]/p[not(b)]", &["One"]);
        check("//a[.//img[@src]]/@href", &["/x"]);
        check("//table[@width=700][1]//tr[count(td) = 2]/td", &["a", "b"]);
        check("(//p)[2]", &["Two bold"]);
        check("//img[number(@width) > 5 or not(@width)]/@src", &["i.png"]);
        check("//tr[last()]//text()", &["c"]);
    }

    #[test]
    fn functions_look_into_texts() {
        check("//*[contains(translate(@style, 'ABCDEF', 'abcdef'), '#605e5c')]", &["One"]);
        check("//p[starts-with(normalize-space(), 'Two')]", &["Two bold"]);
        check("//*[local-name() = 'b']", &["bold"]);
        check("//p[string-length(.) = 3]", &["One"]);
        check("//p[ends-with(., 'bold') and substring(., 1, 3) = 'Two']", &["Two bold"]);
        check("//a[concat(@href, '!') = '/y!']", &["far"]);
        check("//p[text()[normalize-space()]][1]", &["One"]);
        check("count(//p)", &[]);
        check("//td[@style[contains(., 'x')]]", &[]);
    }

    #[test]
    fn steps_have_an_end() {
        let tree = Tree::read(&"<b>x".repeat(3_000));
        let greedy = XPath::read("//*[count(//*[count(//*) > 1]) > 1]").expect("an expression");
        assert_eq!(greedy.find(&tree), None);
        assert!(XPath::read("//b").expect("an expression").find(&tree).is_some());
    }
}
