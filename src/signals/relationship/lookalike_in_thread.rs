//! A look-alike of a known correspondent answers in a thread that passed here.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a look-alike of a known correspondent answers in a thread that passed here",
    "For hijacked conversations that go on from an imitated domain. 1 or 0 for author or reply domain; unknown \
     for a message of no known thread, where no domain is protected, or without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let likenesses = evidence.baseline.likenesses()?;
    evidence.baseline.thread.as_ref()?;
    fact(likenesses.author.is_some() || likenesses.reply.is_some())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{likeness, mail};
    use crate::signals::check::check;
    use crate::baseline::LikenessKind;

    #[test]
    fn a_look_alike_in_a_thread_is_seen() {
        check(module_path!(), mail().in_thread().lookalike(LikenessKind::Edits), Some(1.0));
        let reply = mail().in_thread().with(|m| m.baseline.likenesses.reply = likeness(LikenessKind::Words));
        check(module_path!(), reply, Some(1.0));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail().lookalike(LikenessKind::Edits), None);
        check(module_path!(), mail().unknown(), None);
    }
}
