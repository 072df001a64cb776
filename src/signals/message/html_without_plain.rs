//! The text exists as HTML alone.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the text exists as HTML alone",
    "Mail programs of people add plain text; many bulk senders do not. 1 or 0; unknown without HTML.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let message = evidence.message;
    if !message.html.present {
        return None;
    }
    fact(message.texts.plain.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn html_beside_plain_text_is_usual() {
        check(module_path!(), mail().html("Hi").text(""), Some(1.0));
        check(module_path!(), mail().html("Hi"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
