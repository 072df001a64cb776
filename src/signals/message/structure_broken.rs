//! Its MIME structure or header is broken.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::message::Defect;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its MIME structure or header is broken",
    "Broken structure makes a filter and a mail program see different messages. 1 for a broken boundary, header, \
     or a depth or number of parts beyond the limits, else 0.",
    measure,
)
.of(Category::Malware);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.defects.iter().any(|defect| {
        matches!(
            defect,
            Defect::BoundaryBroken | Defect::HeaderMalformed | Defect::DepthBeyondLimit | Defect::PartsBeyondLimit
        )
    }))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_broken_boundary_is_seen() {
        check(module_path!(), mail().with(|m| m.message.defects = vec![Defect::BoundaryBroken]), Some(1.0));
        check(module_path!(), mail().with(|m| m.message.defects = vec![Defect::DateMissing]), Some(0.0));
        use crate::message::Defect;
    }
}
