//! The message names the thread it belongs to.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::falls(
    "no earlier message is named that it would answer",
    "Most honest conversation answers something; attacks seldom know a message to answer. 1 where In-Reply-To or \
     References name a message, else 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(!evidence.message.in_reply_to.is_empty() || !evidence.message.references.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn either_field_names_the_thread() {
        check(module_path!(), mail().with(|m| m.message.in_reply_to.push("1@harbour.example".to_owned())), Some(1.0));
        check(module_path!(), mail().with(|m| m.message.references.push("1@harbour.example".to_owned())), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
