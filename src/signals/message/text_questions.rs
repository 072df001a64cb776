//! Question marks in the text.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::either(
    "the text asks",
    "Conversation asks; advertising asks in its own way. Question marks per 1,000 characters; unknown without \
     text.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let counts = evidence.lettering();
    (counts.shown > 0).then(|| 1000.0 * counts.questions as f32 / counts.shown.max(200) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn questions_are_a_share() {
        check(module_path!(), mail().text("Ready?"), Some(5.0));
        check(module_path!(), mail().text(""), None);
    }
}
