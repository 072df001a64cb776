//! The subject is written in capitals.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "the subject is written in capitals",
    "For spam and advance-fee letters. Share of capitals among the subject's letters, 0 to 1; unknown with fewer \
     than 6 letters.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.subject_lettering().capitals_share(6)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_shouted_subject_is_seen() {
        check(module_path!(), mail().subject("URGENT REPLY"), Some(1.0));
        check(module_path!(), mail().subject("Minutes of Tuesday"), Some(0.125));
        check(module_path!(), mail().subject("FYI"), None);
    }
}
