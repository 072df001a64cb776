//! None of our people wrote in the conversation.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};
use crate::signals::threads;

pub(super) const SIGNAL: Signal = Signal::falls(
    "none of our people wrote in the conversation",
    "Where we take part, we were asked or asked. 1 where one of our own wrote in it, else 0; unknown where it answers \
     nothing, or without baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !threads::answers(evidence) || !evidence.baseline.is_known() {
        return None;
    }
    fact(threads::thread(evidence).is_some_and(|thread| thread.written_to > 0))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_conversation_with_us_is_seen() {
        check(module_path!(), mail().in_thread(), Some(1.0));
        check(module_path!(), mail().in_thread().with(|m| m.baseline.thread.as_mut().expect("in a thread").written_to = 0), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
