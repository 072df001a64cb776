//! Replies would go to a domain never seen before.

use crate::baseline::is_new;
use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "replies would go to a domain never seen before",
    "For answers that an attacker collects. 1 where Reply-To differs from the author's domain and is unknown, \
     else 0; unknown without author or baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_domain()?;
    if !evidence.baseline.is_known() {
        return None;
    }
    let mut replies = evidence.message.reply_to.iter().filter_map(|mailbox| mailbox.address.as_ref());
    fact(replies.any(|r| !r.domain().is_aligned_with(author)) && is_new(evidence.baseline.reply_domain.as_ref()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn a_known_domain_is_none() {
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
