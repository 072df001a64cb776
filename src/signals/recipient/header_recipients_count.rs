//! The number of mailboxes in To and Cc.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how many it names as recipients",
    "Conversation names a few people, bulk mail one or none. Mailboxes of To and Cc as ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log((evidence.message.to.len() + evidence.message.cc.len()) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn mailboxes_are_a_logarithm() {
        check(module_path!(), mail().with(|m| m.message.cc = m.message.to.clone()), Some(1.0986));
        check(module_path!(), mail().with(|m| m.message.to.clear()), Some(0.0));
    }
}
