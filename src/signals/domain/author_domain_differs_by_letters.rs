//! Its author's domain differs from a known one by a letter or two.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::baseline::LikenessKind;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain differs from a known one by a letter or two",
    "For imitation by look-alike, changed or swapped letters. 1 or 0; unknown where no domain is protected, or \
     without baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let likenesses = evidence.baseline.likenesses()?;
    fact(likenesses.author.as_ref().is_some_and(|likeness| matches!(likeness.kind, LikenessKind::Letters | LikenessKind::Edits)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;
    use crate::baseline::LikenessKind;

    #[test]
    fn only_this_kind_is_seen() {
        check(module_path!(), mail().lookalike(LikenessKind::Letters), Some(1.0));
        check(module_path!(), mail().lookalike(LikenessKind::Words), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
