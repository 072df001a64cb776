//! A file is something else than its name says.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a file is something else than its name says",
    "For malware in disguise. 1 where extension and first bytes tell different kinds, else 0; unknown without \
     files.",
    measure,
)
.of(Category::Malware)
.prior(0.75);

/// What the first bytes of a file with this extension must tell, as a beginning or part of the type.
const KINDS: &[(&str, &[&str])] = &[
    ("pdf", &["pdf"]),
    ("jpg", &["image/"]),
    ("jpeg", &["image/"]),
    ("png", &["image/"]),
    ("gif", &["image/"]),
    ("docx", &["officedocument", "zip", "msword", "ole"]),
    ("xlsx", &["officedocument", "zip", "ms-excel", "ole"]),
    ("pptx", &["officedocument", "zip", "ms-powerpoint", "ole"]),
    ("zip", &["zip", "officedocument", "epub", "java"]),
    ("txt", &["text/"]),
    ("csv", &["text/"]),
    ("mp3", &["audio/"]),
    ("wav", &["audio/"]),
    ("mp4", &["video/"]),
];

fn differs(extension: &str, actual: &str) -> bool {
    KINDS.iter().any(|(kind, types)| *kind == extension && !types.iter().any(|t| actual.contains(t)))
}

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| file.actual_type.is_some_and(|actual| differs(&file.extension, actual)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_page_named_as_a_document_is_seen() {
        check(module_path!(), mail().attachment("invoice.pdf", Some("text/html")), Some(1.0));
        check(module_path!(), mail().attachment("invoice.pdf", Some("application/pdf")), Some(0.0));
        check(module_path!(), mail().attachment("invoice.pdf", None), Some(0.0));
        check(module_path!(), mail().attachment("photo.jpg", Some("image/png")), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
