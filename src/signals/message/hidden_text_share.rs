//! Part of the HTML's text is hidden from the reader.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "part of the HTML's text is hidden from the reader",
    "Hidden words are there to mislead a filter. Hidden characters among all, 0 to 1; unknown without HTML.",
    measure,
)
.of(Category::Spam);

/// A longer text makes any hidden share small; counting on would cost for nothing.
const TEXT_CHARS_MAX: usize = 65_536;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let html = &evidence.message.html;
    let shown = evidence.message.texts.visible.chars().take(TEXT_CHARS_MAX).count();
    (html.present).then(|| html.hidden_chars as f32 / (html.hidden_chars + shown).max(1) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn hidden_characters_are_a_share() {
        check(module_path!(), mail().html("abc").with(|m| m.message.html.hidden_chars = 1), Some(0.25));
        check(module_path!(), mail().html(""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
