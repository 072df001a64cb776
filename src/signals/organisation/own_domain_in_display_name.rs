//! Its author's name holds our own, and it comes from elsewhere.

use crate::evidence::Evidence;
use crate::evidence::normalise;
use crate::mail::{Category, Direction};
use crate::signals::own_names::{OWN_MAX, names_own};
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's name holds our own, and it comes from elsewhere",
    "For notices in our own name: harbour.example IT support. 1 where an inbound foreign author's display name \
     holds an own domain or its label as a word, else 0; unknown without author or own domains.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_domain()?;
    let own = &evidence.organisation.domains;
    if own.is_empty() {
        return None;
    }
    let foreign = evidence.direction() == Direction::Inbound && !evidence.organisation.owns(author);
    let name = normalise(evidence.message.author_name());
    fact(foreign && own.iter().take(OWN_MAX).any(|own| names_own(&name, own)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn our_name_at_a_foreign_address_is_seen() {
        check(module_path!(), mail().from("Harbour IT Support", "x@other.example"), Some(1.0));
        check(module_path!(), mail().from("Harbour IT Support", "x@harbour.example"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.organisation.domains.clear()), None);
    }
}
