//! A whole message came with it as a file.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a whole message came with it as a file",
    "Forwarded attacks, and phishing packed twice. 1 or 0; unknown without files.",
    measure,
)
.of(Category::CredentialPhishing);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| matches!(file.extension.as_str(), "eml" | "msg") || file.declared_type == "message/rfc822")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_message_in_a_message_is_seen() {
        check(module_path!(), mail().attachment("a.eml", None), Some(1.0));
        check(module_path!(), mail().attachment("a.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
