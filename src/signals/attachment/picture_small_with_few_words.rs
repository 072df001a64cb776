//! A small picture stands beside few words.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::pictures::{pictures, FEW_WORDS};
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a small picture stands beside few words",
    "A code to be scanned is a small picture, and so are logos: it only says that one could be there. 1 where a \
     picture of 300 bytes to 60 kB came with less than 400 characters of text, else 0.",
    measure,
)
.against(&[Attack::QrPhishing]);

/// A code as PNG or JPEG, from the barest to one with a logo within. Tracking pixels are smaller, photographs larger.
const CODE_BYTES: std::ops::RangeInclusive<usize> = 300..=60_000;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let small = pictures(evidence).any(|picture| CODE_BYTES.contains(&picture.bytes));
    fact(small && evidence.lettering().shown < FEW_WORDS)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_small_picture_is_seen() {
        check(module_path!(), mail().attachment("code.png", None), Some(1.0));
        check(module_path!(), mail().attachment("code.png", None).text(&"word ".repeat(100)), Some(0.0));
        check(module_path!(), mail().attachment("photo.jpg", None).with(|m| m.message.attachments[0].bytes = 900_000), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
