//! Bounces would go to another domain than the author's.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "bounces would go to another domain than the author's",
    "For forged authors; honest with senders on behalf of others and lists. 1 or 0; unknown without both \
     addresses.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let path = evidence.envelope.sender.as_ref().or(evidence.message.return_path.as_ref())?;
    let author = evidence.message.author()?;
    fact(!path.domain().is_aligned_with(author.domain()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{address, mail};
    use crate::signals::check::check;

    #[test]
    fn another_registrable_domain_differs() {
        check(module_path!(), mail().with(|m| m.envelope.sender = Some(address("b@bulk.example"))), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.envelope.sender = None), None);
    }
}
