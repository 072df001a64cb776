//! Its recipient never wrote to its author.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its recipient never wrote to its author",
    "An answer to one's own letter is expected. Share of recipients who never wrote to the author, 0 to 1; \
     unknown without recipients or baseline, and of who is known where our people's letters do not pass.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.baseline.recipients;
    if !evidence.baseline.is_known() || recipients.is_empty() {
        return None;
    }
    let wrote = recipients.iter().map(|recipient| evidence.baseline.solicited(recipient.pair.as_ref()));
    let wrote: Vec<bool> = wrote.collect::<Option<_>>()?;
    Some(1.0 - wrote.iter().filter(|wrote| **wrote).count() as f32 / wrote.len() as f32)
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
        check(module_path!(), mail().with(|m| (m.baseline.sees_own, m.baseline.recipients[0].pair.as_mut().unwrap().written_to) = (false, 0)), None);
    }
}
