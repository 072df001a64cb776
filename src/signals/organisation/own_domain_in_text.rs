//! The text names an own domain.

use crate::evidence::Evidence;
use crate::mail::Direction;
use crate::signals::own_names::OWN_MAX;
use crate::signals::phrases::stands_in;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "its text holds our own domain",
    "Notices in our own name, and those who know us. 1 where an inbound foreign author's text holds an own \
     domain, else 0; unknown without author or own domains.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_domain()?;
    let own = &evidence.organisation.domains;
    if own.is_empty() {
        return None;
    }
    let foreign = evidence.direction() == Direction::Inbound && !evidence.organisation.owns(author);
    fact(foreign && own.iter().take(OWN_MAX).any(|own| stands_in(evidence.wording(), own.as_str())))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn our_domain_in_a_foreign_text_is_seen() {
        check(module_path!(), mail().text("Your mailbox at harbour.example is full"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.organisation.domains.clear()), None);
    }
}
