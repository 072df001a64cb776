//! It hides to whom it goes.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it hides to whom it goes",
    "For mail to many in blind copy. 1 where neither To nor Cc holds an address, else 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let named = evidence.message.to.iter().chain(&evidence.message.cc);
    fact(!named.into_iter().any(|mailbox| mailbox.address.is_some()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_group_without_members_is_none() {
        check(module_path!(), mail().with(|m| m.message.to[0].address = None), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
