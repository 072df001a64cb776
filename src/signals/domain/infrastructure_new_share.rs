//! Its author's domain never used what this message came by.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain never used what this message came by",
    "A change of one thing happens, of all at once seldom. Share of network, signer, reverse-path and HELO \
     domain that are new for a known domain, 0 to 1; unknown for a new domain or without baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let used = &evidence.baseline.infrastructure;
    let facts = [used.dkim_domain, used.spf_domain, used.network, used.helo_domain];
    let known = facts.iter().flatten().count();
    let new = facts.iter().flatten().filter(|seen| **seen <= 0.0).count();
    (evidence.baseline.is_known() && known > 0).then(|| new as f32 / known as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_is_new_is_a_share_of_what_is_known() {
        check(module_path!(), mail().with(|m| m.baseline.infrastructure.helo_domain = Some(0.0)), Some(0.25));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}
