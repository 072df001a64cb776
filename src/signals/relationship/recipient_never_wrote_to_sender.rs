//! Its recipient never wrote to its author.

use crate::baseline::Profile;
use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its recipient never wrote to its author",
    "An answer to one's own letter is expected. Share of recipients who never wrote to the author, 0 to 1; \
     unknown without recipients or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.baseline.recipients;
    if !evidence.baseline.is_known() || recipients.is_empty() {
        return None;
    }
    let wrote = recipients.iter().filter(|r| r.pair.as_ref().is_some_and(Profile::is_solicited)).count();
    Some(1.0 - wrote as f32 / recipients.len() as f32)
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
    }
}
