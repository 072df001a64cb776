//! A stranger sends files.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger sends files",
    "For malware at first contact. Attachments that are not shown within the text where the author is new, else \
     0; unknown without author or baseline.",
    measure,
)
.of(Category::Malware)
.prior(0.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    count(evidence.message.attachments.iter().filter(|file| new && !file.inline).count())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_files_count() {
        check(module_path!(), mail().attachment("a.pdf", None).stranger(), Some(1.0));
        check(module_path!(), mail().attachment("a.pdf", None), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
