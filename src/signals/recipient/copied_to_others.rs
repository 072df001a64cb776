//! Others stand in copy.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "nobody else is in copy",
    "Attacks avoid witnesses; colleagues copy each other. Mailboxes of Cc as ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.message.cc.len() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn copies_are_a_logarithm() {
        check(module_path!(), mail().with(|m| m.message.cc = m.message.to.clone()), Some(0.693));
        check(module_path!(), mail(), Some(0.0));
    }
}
