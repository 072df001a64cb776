//! Its author's domain has an ending that costs next to nothing.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::signals::suffixes::is_cheap;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain has an ending that costs next to nothing",
    "Domains made for one attack. 1 or 0; unknown without an author.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(is_cheap(evidence.author_domain()?))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_ending_decides() {
        check(module_path!(), mail().from("", "x@partner.xyz"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
