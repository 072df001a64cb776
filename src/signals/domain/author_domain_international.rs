//! Its author's domain is written in another alphabet.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain is written in another alphabet",
    "Look-alike letters of other alphabets (RFC 5890). 1 or 0; unknown without an author.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.author_domain()?.is_international())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn an_a_label_is_seen() {
        check(module_path!(), mail().from("", "x@p\u{430}rtner.example"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
