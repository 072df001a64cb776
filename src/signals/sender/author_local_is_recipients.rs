//! The author's mailbox is named like the recipient's.

use crate::evidence::Evidence;
use crate::mail::{Address, Category};
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's mailbox is named like the recipient's",
    "Bulk senders forge authors from their list of recipients. 1 where the local parts agree and the domains do \
     not, else 0; unknown without an author.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author()?;
    let local = author.local().to_lowercase();
    let same = |recipient: &Address| recipient.local().to_lowercase() == local && recipient.domain() != author.domain();
    fact(evidence.recipients().any(same))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_namesake_elsewhere_is_seen() {
        check(module_path!(), mail().from("Bob", "bob@other.example"), Some(1.0));
        check(module_path!(), mail().from("Bob", "bob@harbour.example"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
