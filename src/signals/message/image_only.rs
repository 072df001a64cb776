//! Pictures stand for the text.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "pictures stand for the text",
    "For text in pictures and QR codes, which no filter reads. 1 where there are images and fewer than 100 \
     characters of text, else 0.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(0.75)
.against(&[Attack::QrPhishing]);

/// A greeting and a request have more characters than this.
const TEXT_MIN: usize = 100;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let images = evidence.message.html.images > 0
        || evidence.message.attachments.iter().any(|file| file.declared_type.starts_with("image/"));
    fact(images && evidence.lettering().shown < TEXT_MIN)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_picture_without_words_is_seen() {
        check(module_path!(), mail().html("scan me").with(|m| m.message.html.images = 1), Some(1.0));
        check(module_path!(), mail().html(&"word ".repeat(25)).with(|m| m.message.html.images = 1), Some(0.0));
        check(module_path!(), mail().text("see"), Some(0.0));
    }
}
