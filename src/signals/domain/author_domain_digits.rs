//! Its author's domain has digits.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain has digits",
    "Domains made in series are numbered. Digits of the registrable domain; unknown without an author.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    count(evidence.author_registrable()?.as_str().bytes().filter(u8::is_ascii_digit).count())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn digits_are_counted() {
        check(module_path!(), mail().from("", "x@m5.partner24.example"), Some(2.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
