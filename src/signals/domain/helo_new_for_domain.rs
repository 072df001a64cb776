//! Its author's domain never sent by a host of this name.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain never sent by a host of this name",
    "For forged senders. 1 or 0; unknown for a domain of too few messages, without HELO or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.baseline.sender_domain.as_ref()?.usual("helo")?.is_new()?;
    fact(evidence.baseline.is_known() && new)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_new_name_is_seen() {
        check(module_path!(), mail().habit("helo", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}
