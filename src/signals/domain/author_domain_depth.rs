//! The labels of the author's domain.

use crate::evidence::Evidence;
use crate::mail::Domain;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how many labels its author's domain has",
    "Hired hosts and machines write from deep names. Labels below the registrable domain; unknown without an \
     author.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let labels = |domain: &Domain| domain.as_str().split('.').count();
    count(labels(evidence.author_domain()?).saturating_sub(labels(evidence.author_registrable()?)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn labels_below_the_domain_count() {
        check(module_path!(), mail().from("", "x@a.b.partner.example"), Some(2.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
