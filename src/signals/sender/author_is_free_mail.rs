//! It comes from a free mailbox.

use crate::evidence::Evidence;
use crate::signals::free_mail::is_free_mail;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it comes from a free mailbox",
    "Anyone gets such a mailbox in a minute. 1 or 0; unknown without an author.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(is_free_mail(evidence.author_registrable()?))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn free_mailboxes_are_known() {
        check(module_path!(), mail().from("Anna", "anna@gmail.com"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
