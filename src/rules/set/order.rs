//! What is cheap is asked first. `and`, `or` and `N of` come to the same in any order, unknown or not.

use crate::rules::evaluate::{Code, Heap};
use crate::rules::functions::Body;

/// What nothing is dearer than: such a part is asked when all others left the question open.
const LAST: u32 = 1_000_000;
/// Elements of a list, as they are guessed.
const ELEMENTS: u32 = 12;

/// Puts the cheap parts of a part first where their order does not matter, and says about how many steps it costs;
/// `costs` are those of its parts.
pub(super) fn arrange(code: &mut Code, costs: &[u32]) -> u32 {
    let all: u32 = costs.iter().copied().fold(0, u32::saturating_add);
    let cost = match code {
        Code::Constant(_) | Code::Message(_) | Code::Element(_) => 1,
        Code::And(parts) | Code::Or(parts) => {
            sort(parts, costs);
            // Most often the first ones decide.
            let mut sorted = costs.to_vec();
            sorted.sort_unstable();
            sorted.iter().take(3).copied().fold(1, u32::saturating_add)
        }
        Code::Threshold(_, parts) => {
            sort(parts, costs);
            all
        }
        Code::Call(function, _) => match function.body {
            // It comes to nothing: only the others can decide.
            Body::Lacks(_) => LAST,
            Body::Known(_) => call(function.name, costs),
        },
        Code::List(_) => 20_000,
        Code::Stands { .. } => all.saturating_add(100),
        Code::In { heap: Heap::Values(_) | Heap::Elements(_), .. } => all.saturating_mul(2),
        _ => all.saturating_add(1),
    };
    cost.min(LAST)
}

/// About how many steps a call costs.
fn call(name: &str, costs: &[u32]) -> u32 {
    let all: u32 = costs.iter().copied().fold(0, u32::saturating_add);
    let own = match name.split_once('.') {
        None => {
            // The first is the list, the others are computed for each element.
            let list = costs.first().copied().unwrap_or(0);
            return list.saturating_add((all - list).saturating_mul(ELEMENTS)).saturating_add(ELEMENTS);
        }
        Some(("regex", _)) => 20,
        Some(("strings", "ilevenshtein" | "levenshtein" | "replace_confusables" | "scan_base64" | "parse_html")) => 200,
        Some(("strings", _)) => 10,
        Some(("profile", _)) => 40,
        Some(("file" | "html" | "hash" | "beta" | "ml", _)) => 20_000,
        Some(_) => 100,
    };
    all.saturating_add(own)
}

/// What a part costs each of those who share it.
pub(super) fn shared(cost: u32, uses: u32) -> u32 {
    if cost >= LAST { LAST } else { (cost / uses.max(1)).max(2) }
}

fn sort(parts: &mut Vec<Code>, costs: &[u32]) {
    let mut both: Vec<(u32, Code)> = costs.iter().copied().zip(std::mem::take(parts)).collect();
    both.sort_by_key(|(cost, _)| *cost);
    parts.extend(both.into_iter().map(|(_, part)| part));
}
