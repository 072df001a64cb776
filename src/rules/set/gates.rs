//! What a look at a few bits tells of most rules: that a text lacks every phrase that one of its conditions wants.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::rules::evaluate::{Arguments, Code, Read, Run};

/// Functions that hold only where one of the arguments behind the first stands in it or matches it.
const CONDITIONS: [&str; 12] = [
    "regex.contains",
    "regex.icontains",
    "regex.imatch",
    "regex.match",
    "strings.contains",
    "strings.ends_with",
    "strings.icontains",
    "strings.iends_with",
    "strings.ilike",
    "strings.istarts_with",
    "strings.like",
    "strings.starts_with",
];

/// A condition of a rule that can hold only where one of some phrases stands in a text.
struct Gate {
    text: u32,
    phrases: Box<[u32]>,
}

/// The gates of all rules.
#[derive(Default)]
pub(super) struct Gates {
    /// The texts that they look at.
    texts: Vec<Code>,
    /// Those of each rule, in the order of the rules.
    rules: Vec<Vec<Gate>>,
}

/// The texts of one message, read when first looked at.
pub(super) struct Looks(Vec<OnceCell<Option<Rc<Read>>>>);

impl Gates {
    /// Takes the next rule in.
    pub(super) fn take(&mut self, code: &Code) {
        let mut gates = Vec::new();
        self.gather(code, &mut gates);
        self.rules.push(gates);
    }

    fn gather(&mut self, code: &Code, gates: &mut Vec<Gate>) {
        match code {
            Code::Shared(_, inner) => self.gather(inner, gates),
            Code::And(all) => all.iter().for_each(|part| self.gather(part, gates)),
            Code::Call(function, arguments) if CONDITIONS.contains(&function.name) => {
                gates.extend(self.gate(arguments));
            }
            _ => {}
        }
    }

    /// The gate of a condition, where the text is a field of the message and each argument wants something.
    fn gate(&mut self, arguments: &Arguments) -> Option<Gate> {
        let text = arguments.placed.first().filter(|text| matches!(text, Code::Path(path) if path.is_of_message()))?;
        let wanted = arguments.wanted.get(1..).filter(|wanted| !wanted.is_empty())?;
        if wanted.iter().any(|phrases| phrases.is_empty()) || !arguments.named.is_empty() {
            return None;
        }
        let known = self.texts.iter().position(|known| same_path(known, text));
        let text = known.unwrap_or_else(|| {
            self.texts.push(text.clone());
            self.texts.len() - 1
        });
        Some(Gate { text: text as u32, phrases: wanted.iter().flat_map(|phrases| phrases.iter().copied()).collect() })
    }

    /// The texts of a message, none of which is read yet.
    pub(super) fn looks(&self) -> Looks {
        Looks(self.texts.iter().map(|_| OnceCell::new()).collect())
    }

    /// Whether the rule at a place cannot match, by one of its gates.
    pub(super) fn shut(&self, rule: usize, looks: &Looks, run: &Run<'_>) -> bool {
        let read = |text: u32| {
            let place = text as usize;
            looks.0.get(place)?.get_or_init(|| run.read_text(self.texts.get(place)?)).as_ref()
        };
        let is_shut = |gate: &Gate| read(gate.text).is_some_and(|read| !read.holds_any(&gate.phrases));
        self.rules.get(rule).is_some_and(|gates| gates.iter().any(is_shut))
    }
}

fn same_path(a: &Code, b: &Code) -> bool {
    matches!((a, b), (Code::Path(a), Code::Path(b)) if a == b)
}
