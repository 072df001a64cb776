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
    let domain = evidence.baseline.sender_domain.as_ref()?;
    let news = ["signer", "spf_domain", "network", "helo"].map(|name| domain.usual(name)?.is_new());
    let known = news.iter().flatten().count();
    let new = news.iter().flatten().filter(|new| **new).count();
    (evidence.baseline.is_known() && known > 0).then(|| new as f32 / known as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_is_new_is_a_share_of_what_is_known() {
        check(module_path!(), mail().habit("helo", 0.0), Some(0.25));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}
