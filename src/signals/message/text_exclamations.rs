//! The text exclaims.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "the text exclaims",
    "For spam. Exclamation marks per 1,000 characters; unknown without text.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let counts = evidence.lettering();
    (counts.shown > 0).then(|| 1000.0 * counts.exclamations as f32 / counts.shown.max(200) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_short_text_does_not_weigh_more() {
        check(module_path!(), mail().text("Hi!"), Some(5.0));
        check(module_path!(), mail().text(&"word!".repeat(100)), Some(200.0));
        check(module_path!(), mail().text(""), None);
    }
}
