//! Replies would go to a look-alike of the author's domain.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::signals::resemblance::resembles;

pub(super) const SIGNAL: Signal = Signal::rises(
    "replies would go to a look-alike of the author's domain",
    "For a supplier's thread that is to go on with an attacker. 1 or 0; unknown without an author.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_registrable()?;
    let mut replies = evidence.message.reply_to.iter().filter_map(|mailbox| mailbox.address.as_ref());
    fact(replies.any(|reply| resembles(&reply.domain().registrable(), author)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_changed_letter_is_seen() {
        check(module_path!(), mail().reply_to("anna@partmer.example"), Some(1.0));
        check(module_path!(), mail().reply_to("anna@mail.partner.example"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
