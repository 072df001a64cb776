//! Letters of different alphabets stand in one word of the author's name.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "letters of different alphabets stand in one word of the author's name",
    "Look-alike letters make a known name of another one. 1 or 0.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.name_lettering().mixed_words > 0)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_look_alike_letter_is_seen() {
        check(module_path!(), mail().from("\u{410}nna Partner", "a@other.example"), Some(1.0));
        check(module_path!(), mail().from("\u{410}\u{43d}\u{43d}\u{430} Partner", "a@other.example"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
