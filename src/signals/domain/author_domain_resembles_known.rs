//! Its author's domain would pass for that of a known correspondent.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain would pass for that of a known correspondent",
    "For imitation of suppliers and customers by a domain of one's own: other letters, words or suffix. 1 or 0; \
     unknown where no domain is protected, or without baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let likenesses = evidence.baseline.likenesses()?;
    fact(likenesses.author.is_some())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;
    use crate::baseline::LikenessKind;

    #[test]
    fn a_look_alike_is_seen() {
        check(module_path!(), mail().lookalike(LikenessKind::Edits), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
        check(module_path!(), mail().with(|m| m.baseline.likenesses.protected = 0), None);
    }
}
