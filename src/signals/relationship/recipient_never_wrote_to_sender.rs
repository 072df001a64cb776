//! Its recipient never wrote to its author.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its recipient never wrote to its author",
    "An answer to one's own letter is expected. Share of recipients who never wrote to the author, 0 to 1; \
     unknown without recipients or baseline, and where none is known to have and our people's letters do not pass.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.baseline.recipients;
    if !evidence.baseline.is_known() || recipients.is_empty() {
        return None;
    }
    let wrote = recipients.iter().filter(|r| evidence.baseline.solicited(r.pair.as_ref()) == Some(true)).count();
    (wrote > 0 || evidence.baseline.sees_own).then_some(1.0 - wrote as f32 / recipients.len() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_recipients_own_letters_count() {
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), Some(1.0));
        check(module_path!(), mail().unknown(), None);
        check(module_path!(), mail().with(|m| m.baseline.sees_own = false), Some(0.0));
        check(module_path!(), mail().stranger().with(|m| m.baseline.sees_own = false), None);
    }
}
