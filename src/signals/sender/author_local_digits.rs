//! The author's mailbox has a number for a name.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's mailbox has a number for a name",
    "Mailboxes made in series are numbered. Digits in the local part; unknown without an author.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    count(evidence.author()?.local().bytes().filter(u8::is_ascii_digit).count())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn digits_are_counted() {
        check(module_path!(), mail().from("", "anna4711@partner.example"), Some(4.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
