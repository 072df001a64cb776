//! A header field stands twice that may stand once.

use crate::evidence::Evidence;
use crate::message::Defect;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a header field stands twice that may stand once",
    "A filter may read one and a mail program the other (RFC 5322 §3.6). 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.defects.iter().any(|d| matches!(d, Defect::HeaderRepeated | Defect::FromRepeated)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_second_from_is_seen() {
        check(module_path!(), mail().with(|m| m.message.defects = vec![Defect::FromRepeated]), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        use crate::message::Defect;
    }
}
