//! The Message-ID names no host.

use crate::evidence::Evidence;
use crate::mail::{Category, Domain};
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the Message-ID names no host",
    "Its right side should be a domain (RFC 5322 §3.6.4); crude senders write a single word or none. 1 or 0; \
     unknown without Message-ID.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let id = evidence.message.message_id.as_deref()?;
    let host = id.rsplit_once('@').and_then(|(_, host)| Domain::parse(host));
    fact(!host.is_some_and(|host| host.as_str().contains('.')))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_single_word_is_no_host() {
        check(module_path!(), mail().with(|m| m.message.message_id = Some("1@localhost".to_owned())), Some(1.0));
        check(module_path!(), mail().with(|m| m.message.message_id = Some("1".to_owned())), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.message.message_id = None), None);
    }
}
