//! Its author's domain bears our name.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::signals::resemblance::names;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain bears our name",
    "For imitation of colleagues: own-billing, own.pay. 1 where the label of an own domain stands as a word in a \
     foreign author domain, else 0; unknown without author or own domains.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_domain()?;
    let own = &evidence.organisation.domains;
    if own.is_empty() {
        return None;
    }
    fact(!evidence.organisation.owns(author) && own.iter().take(50).any(|own| names(author, &own.registrable())))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_borrowed_label_is_seen() {
        check(module_path!(), mail().from("Bob", "bob@harbour-billing.example"), Some(1.0));
        check(module_path!(), mail().from("Bob", "bob@mail.harbour.example"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.organisation.domains.clear()), None);
    }
}
