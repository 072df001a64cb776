//! Its author's domain is a name that nobody can pronounce.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};
use crate::signals::resemblance::label;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain is a name that nobody can pronounce",
    "Domains made in series have random names. Longest run of consonants in the registrable domain's own label; \
     unknown without an author.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let label = label(evidence.author_registrable()?);
    let runs = label.split(|c: char| !c.is_ascii_alphabetic() || "aeiouy".contains(c));
    count(runs.map(str::len).max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_longest_run_counts() {
        check(module_path!(), mail().from("", "x@bblhxjc.example"), Some(7.0));
        check(module_path!(), mail(), Some(3.0));
    }
}
