//! Of how little of the conversation passed here.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};
use crate::signals::threads;

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how little of the conversation passed here",
    "Who is answered many times is a correspondent. Messages of the thread, as ln(1 + n), 0 for one that never passed \
     here; unknown where it answers nothing, or without baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !threads::answers(evidence) || !evidence.baseline.is_known() {
        return None;
    }
    log(threads::thread(evidence).map_or(0.0, |thread| thread.seen as f32))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn messages_are_a_logarithm() {
        check(module_path!(), mail().in_thread(), Some(3.045));
        check(module_path!(), mail().in_thread().with(|m| m.baseline.thread = None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
