//! Its author's domain looks like one of our own.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::signals::resemblance::resembles;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain looks like one of our own",
    "For imitation of colleagues: a changed letter, a look-alike, another suffix. 1 or 0; unknown without author \
     or own domains.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(2.5);

/// Own domains compared; an organisation with more has them for parking.
const OWN_MAX: usize = 50;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_registrable()?;
    let own = &evidence.organisation.domains;
    if own.is_empty() {
        return None;
    }
    let foreign = !evidence.author_domain().is_some_and(|domain| evidence.organisation.owns(domain));
    fact(foreign && own.iter().take(OWN_MAX).any(|own| resembles(author, &own.registrable())))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_look_alike_is_seen() {
        check(module_path!(), mail().from("Bob", "bob@harb0ur.example"), Some(1.0));
        check(module_path!(), mail().from("Bob", "bob@mail.harbour.example"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.organisation.domains.clear()), None);
    }
}
