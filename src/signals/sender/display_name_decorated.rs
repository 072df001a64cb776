//! The author's name is decorated.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's name is decorated",
    "Bulk senders make their name stand out: arrows, pictures, underscores, number signs, spaces around it. \
     Number of such characters as ln(1 + n).",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let name = evidence.message.author_name();
    let marks = name.bytes().filter(|b| b"_#*!|~=<>[]{}$%".contains(b)).count();
    log((marks + evidence.name_lettering().pictures + name.len() - name.trim().len()) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn signs_and_padding_are_counted() {
        check(module_path!(), mail().from("_Free #1 \u{27b2} ", "a@other.example"), Some(1.609));
        check(module_path!(), mail(), Some(0.0));
    }
}
