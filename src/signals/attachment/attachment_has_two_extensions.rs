//! A file's name ends in two extensions.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a file's name ends in two extensions",
    "invoice.pdf.exe shows as invoice.pdf. 1 where the one before last names a document or picture and the last \
     is another, else 0; unknown without files.",
    measure,
)
.of(Category::Malware)
.prior(1.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| {
        let mut parts = file.name.rsplit('.');
        let last = parts.next().unwrap_or_default().trim().to_lowercase();
        let before = parts.next().unwrap_or_default().trim().to_lowercase();
        let documents = ["pdf", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png", "txt", "rtf", "csv"];
        documents.contains(&before.as_str())
            && before != last
            && parts.next().is_some()
            && !matches!(last.as_str(), "p7m" | "p7s" | "gpg" | "asc" | "sig")
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_hidden_extension_is_seen() {
        check(module_path!(), mail().attachment("invoice.pdf.exe", None), Some(1.0));
        check(module_path!(), mail().attachment("invoice.pdf   .html", None), Some(1.0));
        check(module_path!(), mail().attachment("minutes.of.tuesday.pdf", None), Some(0.0));
        check(module_path!(), mail().attachment("invoice.pdf.p7m", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
