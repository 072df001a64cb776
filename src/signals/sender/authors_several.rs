//! It names several authors.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it names several authors",
    "A second From mailbox lets a filter and a mail program show different authors. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.from.len() > 1)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn two_mailboxes_are_several() {
        check(module_path!(), mail().with(|m| m.message.from.push(Mailbox::default())), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        use crate::mail::Mailbox;
    }
}
