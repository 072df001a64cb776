//! A document came with the message.

use crate::evidence::Evidence;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::either(
    "a document came with it",
    "Work, invoices, and phishing behind a link in a document. 1 for PDF or the newer office formats, else 0; \
     unknown without files.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| {
        matches!(file.extension.as_str(), "pdf" | "docx" | "xlsx" | "pptx" | "odt" | "ods" | "odp" | "csv")
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn documents_are_seen() {
        check(module_path!(), mail().attachment("minutes.pdf", None), Some(1.0));
        check(module_path!(), mail().attachment("minutes.zip", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
