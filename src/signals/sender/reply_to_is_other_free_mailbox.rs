//! The author's mailbox is a free one, and replies would go to another free one.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::free_mail::is_free_mail;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's mailbox is a free one, and replies would go to another free one",
    "Advance-fee letters are sent from one free mailbox and answered to another, before the first is closed. 1 \
     or 0; unknown without an author.",
    measure,
)
.of(Category::AdvanceFee)
.prior(0.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author()?;
    if !is_free_mail(evidence.author_registrable()?) {
        return fact(false);
    }
    let mut replies = evidence.message.reply_to.iter().filter_map(|mailbox| mailbox.address.as_ref());
    fact(replies.any(|reply| !reply.is_same_mailbox(author) && is_free_mail(&reply.domain().registrable())))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_second_free_mailbox_is_seen() {
        check(module_path!(), mail().from("Anna", "anna@yahoo.com").reply_to("anna2@yahoo.com"), Some(1.0));
        check(module_path!(), mail().from("Anna", "anna@yahoo.com").reply_to("anna@yahoo.com"), Some(0.0));
        check(module_path!(), mail().reply_to("anna@gmail.com"), Some(0.0));
    }
}
