//! A link leads to a domain that passes for that of a known correspondent.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a domain that passes for that of a known correspondent",
    "For phishing in the name of a supplier or customer. 1 or 0; unknown without links, where no domain is \
     protected, or without baseline.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let likenesses = evidence.baseline.likenesses()?;
    if evidence.link_hosts().is_empty() {
        return None;
    }
    fact(likenesses.link.is_some())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{likeness, mail};
    use crate::signals::check::check;
    use crate::baseline::LikenessKind;

    #[test]
    fn a_look_alike_is_seen() {
        let linked = || mail().link("https://a.example/", "here");
        let alike = linked().with(|m| m.baseline.likenesses.link = likeness(LikenessKind::Letters));
        check(module_path!(), alike, Some(1.0));
        check(module_path!(), linked(), Some(0.0));
        check(module_path!(), mail(), None);
        check(module_path!(), linked().unknown(), None);
    }
}
