//! Its author's domain never sent from this network.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain never sent from this network",
    "For forged senders and mailboxes taken over. 1 or 0; unknown for a new domain, without a client or \
     baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let seen = evidence.baseline.infrastructure.network?;
    fact(evidence.baseline.is_known() && seen <= 0.0)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_new_network_is_seen() {
        check(module_path!(), mail().with(|m| m.baseline.infrastructure.network = Some(0.0)), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}
