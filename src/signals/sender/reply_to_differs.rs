//! Replies would go to another domain than the author's.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "replies would go to another domain than the author's",
    "For an answer that is to reach someone else: business e-mail compromise, advance fee. 1 or 0; unknown \
     without an author.",
    measure,
)
.of(Category::BusinessEmailCompromise);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_domain()?;
    let replies = evidence.message.reply_to.iter().filter_map(|mailbox| mailbox.address.as_ref());
    fact(replies.into_iter().any(|reply| !reply.domain().is_aligned_with(author)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn another_registrable_domain_differs() {
        check(module_path!(), mail().reply_to("anna@other.example"), Some(1.0));
        check(module_path!(), mail().reply_to("office@mail.partner.example"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
