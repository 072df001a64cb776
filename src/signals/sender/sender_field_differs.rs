//! Another sender is named than the author.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "another sender is named than the author",
    "The Sender field (RFC 5322 §3.6.2) of another domain: on behalf of, or a forged author. 1 or 0; unknown \
     without an author.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_domain()?;
    let sender = evidence.message.sender.as_ref().and_then(|mailbox| mailbox.address.as_ref());
    fact(sender.is_some_and(|sender| !sender.domain().is_aligned_with(author)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{address, mail};
    use crate::signals::check::check;

    #[test]
    fn another_sender_is_seen() {
        let office = |text: &str| Some(Mailbox { display_name: String::new(), address: Some(address(text)) });
        check(module_path!(), mail().with(|m| m.message.sender = office("a@bulk.example")), Some(1.0));
        check(module_path!(), mail().with(|m| m.message.sender = office("office@partner.example")), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        use crate::mail::Mailbox;
    }
}
