//! Part of it could not be decoded.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::message::Defect;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "part of it could not be decoded",
    "Wrong character sets are usual in crude bulk mail. 1 or 0.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.defects.contains(&Defect::EncodingBroken))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_broken_encoding_is_seen() {
        check(module_path!(), mail().with(|m| m.message.defects = vec![Defect::EncodingBroken]), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        use crate::message::Defect;
    }
}
