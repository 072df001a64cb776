//! The author is new, the author's domain is known.

use crate::evidence::Evidence;
use crate::signals::free_mail::is_free_mail;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "its author is new in a domain that is known",
    "A new colleague of a partner, or a made-up one. 1 or 0; unknown without author or baseline, and for free \
     mailboxes, whose domain is nobody's.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    if is_free_mail(evidence.author_registrable()?) {
        return None;
    }
    fact(new && evidence.baseline.sender_domain.is_some())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_new_colleague_is_seen() {
        check(module_path!(), mail().with(|m| m.baseline.sender = None), Some(1.0));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().from("Anna", "anna@gmail.com"), None);
        check(module_path!(), mail().unknown(), None);
    }
}
