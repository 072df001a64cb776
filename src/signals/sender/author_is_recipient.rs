//! It pretends to come from the recipient.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it pretends to come from the recipient",
    "For extortion (sent from your account) and forged notices. 1 where author and a recipient are one mailbox, \
     else 0; unknown without an author.",
    measure,
)
.of(Category::Extortion);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author()?;
    fact(evidence.recipients().any(|recipient| recipient.is_same_mailbox(author)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_same_mailbox_is_seen_in_any_case() {
        check(module_path!(), mail().from("Bob", "BOB@harbour.example"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
