//! Parts that several rules have in common, found by what they say and computed once for each message.

use std::collections::HashMap;
use std::sync::Arc;

use super::order;
use super::wanted::Wanted;
use crate::rules::evaluate::{Code, Constant, Heap, Path};

/// What a part of a rule says, as numbers.
type Key = Box<[u64]>;

/// A part of a rule, as all rules together know it.
#[derive(Clone, Copy)]
struct Seen {
    /// Its number: the same for all parts that say the same.
    id: u32,
    /// How many loops around it its value depends on, counted from the innermost.
    loops: u32,
    /// How many parts it is made of, itself included.
    size: u32,
}

/// The parts of one rule, each before those that it is made of.
pub(super) struct Outline(Vec<Seen>);

/// All parts of all rules.
#[derive(Default)]
pub(super) struct Sharing {
    ids: HashMap<Key, u32>,
    texts: HashMap<Arc<str>, u64>,
    /// For each part, those that it is made of, and whether they are computed for each element of a list.
    parts: Vec<Box<[(u32, bool)]>>,
    /// In how many places each part is wanted. A place within a loop counts twice: it is asked again and again.
    uses: Vec<u32>,
    /// What is kept of each part that is shared: its number among these, itself, what it costs.
    kept: HashMap<u32, (u32, Arc<Code>, u32)>,
    /// The phrases that the rules want.
    pub(super) wanted: Wanted,
}

impl Sharing {
    /// Takes a rule in. All must be in before the first is made over.
    pub(super) fn take(&mut self, code: &Code) -> Outline {
        let mut seen = Vec::new();
        let root = self.see(code, &mut seen);
        self.count(root.id, false);
        Outline(seen)
    }

    fn see(&mut self, code: &Code, seen: &mut Vec<Seen>) -> Seen {
        let at = seen.len();
        seen.push(Seen { id: 0, loops: 0, size: 0 });
        let mut loops = if let Code::Element(up) = code { *up as u32 + 1 } else { 0 };
        let mut parts = Vec::new();
        for (part, is_of_elements) in code.parts() {
            let part = self.see(part, seen);
            loops = loops.max(part.loops.saturating_sub(u32::from(is_of_elements)));
            parts.push((part.id, is_of_elements));
        }
        let mut key = self.own(code);
        key.extend(parts.iter().map(|(id, _)| u64::from(*id)));
        let next = self.ids.len() as u32;
        let id = *self.ids.entry(key.into()).or_insert(next);
        if id == next {
            self.parts.push(parts.into());
            self.uses.push(0);
        }
        seen[at] = Seen { id, loops, size: (seen.len() - at) as u32 };
        seen[at]
    }

    /// Counts a place where a part is wanted. Its own parts are wanted once more only where it is new: else they come
    /// with it.
    fn count(&mut self, id: u32, in_loop: bool) {
        let uses = &mut self.uses[id as usize];
        let is_new = *uses == 0;
        *uses += 1 + u32::from(in_loop);
        if is_new {
            for (part, is_of_elements) in self.parts[id as usize].clone() {
                self.count(part, in_loop || is_of_elements);
            }
        }
    }

    /// What a part says beside the parts that it is made of.
    fn own(&mut self, code: &Code) -> Vec<u64> {
        match code {
            Code::Constant(constant) => self.constant(constant),
            Code::Message(place) => vec![1, *place as u64],
            Code::Element(up) => vec![2, *up as u64],
            Code::Field(_, places) => {
                [3, places.len() as u64].into_iter().chain(places.iter().map(|place| *place as u64)).collect()
            }
            // Made only of what was taken in.
            Code::Path(_) => vec![28],
            Code::Index(..) => vec![4],
            Code::Slice(_, from, to) => vec![5, u64::from(from.is_some()), u64::from(to.is_some())],
            Code::Call(function, arguments) => {
                let mut key = vec![6, std::ptr::from_ref(*function) as usize as u64, arguments.placed.len() as u64];
                key.extend(arguments.named.iter().map(|(name, _)| self.text(&Arc::from(*name))));
                key
            }
            Code::Array(all) => vec![7, all.len() as u64],
            Code::List(name) => vec![8, self.text(name)],
            Code::Not(_) => vec![9],
            Code::Negative(_) => vec![10],
            Code::And(all) => vec![11, all.len() as u64],
            Code::Or(all) => vec![12, all.len() as u64],
            Code::Threshold(number, all) => vec![13, u64::from(*number), all.len() as u64],
            Code::Compare(_, relation, _) => vec![14, *relation as u64],
            Code::Range(_, relations) => vec![15, relations[0] as u64, relations[1] as u64],
            Code::In { heap, negated, folded, .. } => {
                let mut key = vec![16, u64::from(*negated), u64::from(*folded)];
                match heap {
                    Heap::Texts(texts) => {
                        let mut texts: Vec<u64> = texts.iter().map(|text| self.text(text)).collect();
                        texts.sort_unstable();
                        key.push(0);
                        key.extend(texts);
                    }
                    Heap::List(name) => key.extend([1, self.text(name)]),
                    Heap::Values(values) => key.extend([2, values.len() as u64]),
                    Heap::Elements(_) => key.push(3),
                }
                key
            }
            Code::IsNull(_, negated) => vec![17, u64::from(*negated)],
            Code::Calculate(_, operator, _) => vec![18, *operator as u64],
            Code::Stands { list, folded, .. } => vec![27, u64::from(*folded), self.text(list)],
            Code::Shared(number, _) => vec![19, u64::from(*number)],
        }
    }

    fn constant(&mut self, constant: &Constant) -> Vec<u64> {
        match constant {
            Constant::Null => vec![20],
            Constant::Boolean(truth) => vec![21, u64::from(*truth)],
            Constant::Integer(number) => vec![22, number.cast_unsigned()],
            Constant::Float(number) => vec![23, number.to_bits()],
            Constant::Text(text) => vec![24, self.text(text)],
            // Patterns that say the same are the same, as long as a rule keeps them.
            Constant::Pattern(pattern) => vec![25, Arc::as_ptr(pattern) as usize as u64],
            Constant::Networks(networks) => vec![26, Arc::as_ptr(networks) as usize as u64],
        }
    }

    fn text(&mut self, text: &Arc<str>) -> u64 {
        let next = self.texts.len() as u64;
        *self.texts.entry(text.clone()).or_insert(next)
    }

    /// A rule made over: what it shares is kept under a number, and what is cheap is asked first.
    pub(super) fn make_over(&mut self, code: Code, outline: &Outline) -> Code {
        self.rebuild(code, &outline.0, &mut 0).0
    }

    fn rebuild(&mut self, mut code: Code, seen: &[Seen], at: &mut usize) -> (Code, u32) {
        let this = seen[*at];
        let uses = self.uses[this.id as usize];
        let is_shared = this.loops == 0 && uses > 1 && is_worth(&code);
        if let Some((number, inner, cost)) = self.kept.get(&this.id).filter(|_| is_shared) {
            *at += this.size as usize;
            return (Code::Shared(*number, inner.clone()), *cost);
        }
        *at += 1;
        let mut costs = Vec::new();
        for part in code.parts_mut() {
            let old = std::mem::replace(part, Code::Constant(Constant::Null));
            let (new, cost) = self.rebuild(old, seen, at);
            *part = new;
            costs.push(cost);
        }
        let cost = order::arrange(&mut code, &costs);
        self.wanted.note(&mut code);
        if let Some(path) = Path::of(&code) {
            code = Code::Path(path);
        }
        if !is_shared {
            return (code, cost);
        }
        // Whoever asks first pays for all.
        let (number, cost) = (self.kept.len() as u32, order::shared(cost, uses));
        let inner = Arc::new(code);
        self.kept.insert(this.id, (number, inner.clone(), cost));
        (Code::Shared(number, inner), cost)
    }

    /// How many parts are kept.
    pub(super) fn count_kept(&self) -> usize {
        self.kept.len()
    }
}

/// Whether a part costs more than looking up what it came to.
fn is_worth(code: &Code) -> bool {
    match code {
        Code::Constant(_) | Code::Message(_) | Code::Element(_) | Code::Path(_) | Code::Shared(..) => false,
        Code::Field(of, _) => !matches!(of.as_ref(), Code::Message(_) | Code::Element(_)),
        _ => true,
    }
}
