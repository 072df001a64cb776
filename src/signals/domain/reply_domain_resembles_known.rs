//! Replies would go to a domain that passes for that of a known correspondent.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "replies would go to a domain that passes for that of a known correspondent",
    "For a conversation that is to go on with an attacker. 1 or 0; unknown where no domain is protected, or \
     without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let likenesses = evidence.baseline.likenesses()?;
    fact(likenesses.reply.is_some())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{likeness, mail};
    use crate::signals::check::check;
    use crate::baseline::LikenessKind;

    #[test]
    fn a_look_alike_is_seen() {
        let reply = |kind| mail().with(|m| m.baseline.likenesses.reply = likeness(kind));
        check(module_path!(), reply(LikenessKind::Edits), Some(1.0));
        check(module_path!(), mail().lookalike(LikenessKind::Edits), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
