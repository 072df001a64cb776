//! Running checked expressions over one message.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::compare::{calculate, compare, compare_text};
use super::kept::Kept;
use super::{Call, Code, Constant, Found, Lack, Record, Sought, Value};
use crate::rules::facts::{self, View};
use crate::rules::functions::Body;
use crate::rules::language::Relation;
use crate::rules::lists::Lists;

/// Steps that one rule may take on one message; rules on honest mail take a few thousand. A step is a part of an
/// expression, or what costs as much: loops within loops over a message full of links must end.
const STEPS_MAX: usize = 2_000_000;
/// Steps that all rules together may take on one message: what lies beyond costs seconds.
const STEPS_OF_ALL_MAX: usize = 40_000_000;
/// Why a rule that takes too many steps comes to nothing.
const OVERRUN: &str = "the rule takes more steps than one may";

/// What a rule says of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It matches.
    Match,
    /// It does not match, whatever else may be known.
    NoMatch,
    /// It cannot be told; what was lacking first. Never acted on.
    Undecided(Lack),
}

/// Rules and one message.
pub struct Run<'m> {
    pub(super) view: View<'m>,
    pub(super) message: Rc<Record<'m>>,
    pub(super) lists: &'m Lists,
    pub(super) elements: RefCell<Vec<Value<'m>>>,
    /// Steps that the rule may still take.
    steps: Cell<usize>,
    /// Steps that all rules may still take, the one under way set aside.
    steps_of_all: Cell<usize>,
    /// Whether the rule took more steps than it may: what it computes from then on is not worth keeping.
    is_overrun: Cell<bool>,
    pub(super) kept: Kept<'m>,
    /// What was found, where that is to be told.
    pub(super) trace: RefCell<Option<Vec<Found>>>,
}

impl<'m> Run<'m> {
    /// A message that rules are to be run over, and the lists that they name.
    pub fn new(view: View<'m>, lists: &'m Lists) -> Self {
        Self::sharing(view, lists, None, 0)
    }

    /// As [`Run::new`], for rules that have so many parts in common and look for phrases together.
    pub fn sharing(view: View<'m>, lists: &'m Lists, sought: Option<&'m Sought>, shared: usize) -> Self {
        Self {
            view,
            message: Rc::new(facts::message(view)),
            lists,
            elements: RefCell::default(),
            steps: Cell::new(STEPS_MAX),
            steps_of_all: Cell::new(STEPS_OF_ALL_MAX),
            is_overrun: Cell::new(false),
            kept: Kept::new(sought, shared),
            trace: RefCell::default(),
        }
    }

    /// Begins with a rule.
    pub(super) fn begin(&self) {
        let steps = self.steps_of_all.get().min(STEPS_MAX);
        self.steps.set(steps);
        self.is_overrun.set(false);
        // A rule that panicked left what it was at.
        self.elements.borrow_mut().clear();
    }

    /// Takes steps of the rule under way; `false` when it has taken too many.
    pub(super) fn spend(&self, steps: usize) -> bool {
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        if left.is_none() {
            self.is_overrun.set(true);
        }
        left.is_some()
    }

    /// What a rule comes to that took too many steps.
    pub(super) fn overrun(&self) -> Value<'m> {
        Value::lacking(OVERRUN)
    }

    /// What is computed once for all rules.
    pub(super) fn kept(&self) -> &Kept<'m> {
        &self.kept
    }

    /// The message with what is known of it.
    pub fn view(&self) -> &View<'m> {
        &self.view
    }

    /// Whether a list holds a text.
    pub(super) fn listed(&self, list: &str, text: &str) -> Value<'m> {
        self.lists.holds(list, text, false)
    }

    /// What a rule says: it matches only when it is true.
    pub fn outcome(&self, code: &Code) -> Outcome {
        self.begin();
        let before = self.steps.get();
        let value = self.value(code);
        let taken = before - self.steps.get();
        self.steps_of_all.set(self.steps_of_all.get().saturating_sub(taken));
        match value {
            Value::Boolean(true) => Outcome::Match,
            Value::Null(Some(lack)) => Outcome::Undecided(lack),
            _ => Outcome::NoMatch,
        }
    }

    /// Runs `code` with `element` as the innermost loop's element.
    pub(super) fn within(&self, element: &Value<'m>, code: &Code) -> Value<'m> {
        self.elements.borrow_mut().push(element.clone());
        let value = self.value(code);
        self.elements.borrow_mut().pop();
        value
    }

    /// What an expression comes to. Expressions are as deep as the parser let them be.
    pub fn value(&self, code: &Code) -> Value<'m> {
        if !self.spend(1) {
            return self.overrun();
        }
        match code {
            Code::Constant(constant) => constant_value(constant),
            Code::Message(place) => self.message.at(*place),
            Code::Element(up) => {
                let elements = self.elements.borrow();
                let place = elements.len().checked_sub(up + 1);
                place.map_or(Value::ABSENT, |place| elements[place].clone())
            }
            Code::Field(of, places) => self.field(of, places),
            Code::Index(of, index) => self.index(of, index),
            Code::Slice(of, from, to) => self.slice(of, from.as_deref(), to.as_deref()),
            Code::Call(function, arguments) => match function.body {
                Body::Known(body) => body(&Call { run: self, arguments }),
                Body::Lacks(why) => Value::lacking(why),
            },
            Code::Array(values) => Value::list(values.iter().map(|value| self.value(value))),
            Code::List(name) => self.lists.value(name),
            Code::Not(inner) => self.untold(|| match self.value(inner) {
                Value::Boolean(truth) => Value::Boolean(!truth),
                other => other.null(),
            }),
            Code::Stands { text, list, folded } => self.stands(text, list, *folded),
            Code::Shared(number, inner) => self.shared(*number, inner),
            Code::Negative(inner) => match self.value(inner) {
                Value::Integer(number) => Value::maybe(number.checked_neg(), Value::Integer),
                Value::Float(number) => Value::Float(-number),
                other => other.null(),
            },
            Code::And(all) => self.until(all, false),
            Code::Or(all) => self.until(all, true),
            Code::Threshold(number, all) => self.threshold(*number, all),
            Code::Compare(a, relation, b) => {
                let value = self.value(a);
                let text = b.constant_text().and_then(|text| compare_text(&value, *relation, text));
                let holds = text.unwrap_or_else(|| compare(&value, *relation, &self.value(b)));
                self.tell_where(&holds, a, &value);
                holds
            }
            Code::Range(values, relations) => self.range(values, *relations),
            Code::In { needle, heap, negated, folded } => {
                let value = self.value(needle);
                let found = self.untold(|| self.is_in(&value, heap, *folded));
                if !negated {
                    self.tell_where(&found, needle, &value);
                }
                match found {
                    Value::Boolean(truth) => Value::Boolean(truth != *negated),
                    other => other,
                }
            }
            Code::IsNull(inner, negated) => self.is_null(inner, *negated),
            Code::Calculate(a, operator, b) => calculate(&self.value(a), *operator, &self.value(b)),
        }
    }

    /// What a shared part comes to: computed once. To tell what it found it must be computed again.
    fn shared(&self, number: u32, inner: &Code) -> Value<'m> {
        let known = self.kept.shared(number);
        if let Some(known) = known.filter(|known| !self.is_traced() || known.truth() != Some(true)) {
            return known;
        }
        let value = self.value(inner);
        if !self.is_overrun.get() {
            self.kept.share(number, &value);
        }
        value
    }

    /// What is computed without telling of what is found on the way.
    fn untold(&self, compute: impl FnOnce() -> Value<'m>) -> Value<'m> {
        let told = self.told();
        let value = compute();
        self.untell(told);
        value
    }

    pub(super) fn tell_where(&self, holds: &Value<'m>, code: &Code, value: &Value<'m>) {
        if self.is_traced() && holds.truth() == Some(true) {
            self.tell_value(code, value);
        }
    }

    /// Goes through conditions until one comes to `end`, which then is the answer; else null if one was, else the
    /// contrary.
    fn until(&self, conditions: &[Code], end: bool) -> Value<'m> {
        let (mut unknown, told) = (None, self.told());
        for condition in conditions {
            let before = self.told();
            let value = self.value(condition);
            match value.truth() {
                Some(truth) if truth == end => {
                    if !end {
                        self.untell(told);
                    }
                    return Value::Boolean(end);
                }
                Some(true) => {}
                Some(false) => self.untell(before),
                None => {
                    self.untell(before);
                    unknown = Value::more_telling(unknown, value.null());
                }
            }
        }
        unknown.unwrap_or(Value::Boolean(!end))
    }

    fn threshold(&self, number: u32, conditions: &[Code]) -> Value<'m> {
        let (mut holds, mut unknown, mut open) = (0, None, 0);
        for condition in conditions {
            let told = self.told();
            let value = self.value(condition);
            match value.truth() {
                Some(true) => holds += 1,
                Some(false) => self.untell(told),
                None => {
                    self.untell(told);
                    open += 1;
                    unknown = Value::more_telling(unknown, value.null());
                }
            }
            if holds >= number {
                return Value::Boolean(true);
            }
        }
        if holds + open >= number { unknown.unwrap_or(Value::Boolean(false)) } else { Value::Boolean(false) }
    }

    /// The middle is computed once; else it is as both comparisons joined by `and`.
    fn range(&self, values: &[Code; 3], relations: [Relation; 2]) -> Value<'m> {
        let middle = self.value(&values[1]);
        let low = compare(&self.value(&values[0]), relations[0], &middle);
        if low.truth() == Some(false) {
            return low;
        }
        let high = compare(&middle, relations[1], &self.value(&values[2]));
        if low.is_null() && high.truth() != Some(false) { low } else { high }
    }

    /// What cannot be known is neither null nor not null.
    fn is_null(&self, inner: &Code, negated: bool) -> Value<'m> {
        match self.value(inner) {
            lacking @ Value::Null(Some(_)) => lacking,
            value => Value::Boolean(value.is_null() != negated),
        }
    }
}

fn constant_value<'m>(constant: &Constant) -> Value<'m> {
    match constant {
        Constant::Null => Value::ABSENT,
        Constant::Boolean(truth) => Value::Boolean(*truth),
        Constant::Integer(number) => Value::Integer(*number),
        Constant::Float(number) => Value::Float(*number),
        Constant::Text(text) => Value::Text(text.clone()),
        Constant::Pattern(pattern) => Value::text(pattern.source()),
        Constant::Networks(_) => Value::ABSENT,
    }
}
