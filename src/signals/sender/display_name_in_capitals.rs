//! The author's name is written in capitals.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's name is written in capitals",
    "For advance-fee letters. 1 where a name of at least 6 letters has no small one, else 0.",
    measure,
)
.of(Category::AdvanceFee);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let counts = evidence.name_lettering();
    fact(counts.letters >= 6 && counts.capitals == counts.letters)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn initials_do_not_count() {
        check(module_path!(), mail().from("MRS ANNA PARTNER", "a@other.example"), Some(1.0));
        check(module_path!(), mail().from("AP", "a@other.example"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
