//! The length of the author's domain.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, count};
use crate::signals::resemblance::label;

pub(super) const SIGNAL: Signal = Signal::either(
    "of how long its author's domain is",
    "Domains made for an attack are long. Characters of the registrable domain's own label; unknown without an \
     author.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    count(label(evidence.author_registrable()?).len())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_label_counts() {
        check(module_path!(), mail(), Some(7.0));
        check(module_path!(), mail().from("", "x@a-very-long-name.co.uk"), Some(16.0));
    }
}
