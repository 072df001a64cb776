//! The subject has a long gap within.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the subject has a long gap within",
    "Bulk senders hide a serial number behind spaces at the end of the subject. 1 or 0.",
    measure,
)
.of(Category::Spam);

/// Nobody types as many spaces by accident.
const GAP: &[u8] = b"    ";

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let subject = evidence.message.subject.trim();
    fact(subject.as_bytes().windows(GAP.len()).any(|bytes| bytes == GAP))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_serial_number_behind_spaces_is_seen() {
        check(module_path!(), mail().subject("Lower your rate     xk3920"), Some(1.0));
        check(module_path!(), mail().subject("Lower your   rate"), Some(0.0));
    }
}
