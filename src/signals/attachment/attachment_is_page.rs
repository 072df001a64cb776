//! A web page came with it as a file.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a web page came with it as a file",
    "For phishing in an attached page, which no filter of links sees. 1 or 0; unknown without files.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| {
        matches!(file.extension.as_str(), "html" | "htm" | "shtml" | "xhtml" | "xht" | "mht" | "mhtml" | "svg")
            || file.actual_type == Some("text/html")
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn pages_and_drawings_with_scripts_are_seen() {
        check(module_path!(), mail().attachment("invoice.HTM", None), Some(1.0));
        check(module_path!(), mail().attachment("invoice.svg", None), Some(1.0));
        check(module_path!(), mail().attachment("invoice", Some("text/html")), Some(1.0));
        check(module_path!(), mail().attachment("invoice.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
