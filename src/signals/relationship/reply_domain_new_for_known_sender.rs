//! A known author wants replies sent to a domain never seen.

use crate::baseline::is_new;
use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a known author wants replies sent to a domain never seen",
    "For a mailbox taken over, or its forged copy. 1 or 0; unknown without author or baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(1.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let known = !evidence.author_is_new()?;
    let author = evidence.author_domain()?;
    let mut replies = evidence.message.reply_to.iter().filter_map(|mailbox| mailbox.address.as_ref());
    let elsewhere = replies.any(|reply| !reply.domain().is_aligned_with(author));
    fact(known && elsewhere && is_new(evidence.baseline.reply_domain.as_ref()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn a_known_reply_domain_reassures() {
        check(module_path!(), mail().reply_to("x@other.example"), Some(1.0));
        check(
            module_path!(),
            mail().reply_to("x@other.example").with(|m| m.baseline.reply_domain = Some(profile())),
            Some(0.0),
        );
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
