//! Pictures are loaded from elsewhere.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "pictures are loaded from elsewhere",
    "For advertising, tracking and text in pictures. Number of remote images as ln(1 + n).",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.message.html.remote_images as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn remote_images_are_counted() {
        check(module_path!(), mail().with(|m| m.message.html.remote_images = 3), Some(1.386));
        check(module_path!(), mail(), Some(0.0));
    }
}
