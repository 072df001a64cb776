//! Replies would go to a free mailbox, and the author's is none.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::free_mail::is_free_mail;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "replies would go to a free mailbox, and the author's is none",
    "For forged authors whose answers an attacker collects elsewhere. 1 or 0; unknown without an author.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_registrable()?;
    let mut replies = evidence.message.reply_to.iter().filter_map(|mailbox| mailbox.address.as_ref());
    fact(!is_free_mail(author) && replies.any(|reply| is_free_mail(&reply.domain().registrable())))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_free_mailbox_for_a_company_is_seen() {
        check(module_path!(), mail().reply_to("anna.partner@gmail.com"), Some(1.0));
        check(module_path!(), mail().from("Anna", "anna@yahoo.com").reply_to("anna@gmail.com"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
