//! It asks to scan a code, and brings a picture or file that may hold one.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::phrases::count_all;
use crate::signals::pictures::pictures;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it asks to scan a code, and brings a picture or file that may hold one",
    "For codes in pictures and documents. Phrases where a picture, a PDF or an office file came with it or pictures \
     are shown, else 0.",
    measure,
)
.of(Category::CredentialPhishing)
.against(&[Attack::QrPhishing])
.prior(1.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let papers = ["pdf", "doc", "docx", "htm", "html"];
    let paper = evidence.message.attachments.iter().any(|file| papers.contains(&file.extension.as_str()));
    let may_hold = paper || evidence.message.html.images > 0 || pictures(evidence).next().is_some();
    Some(if may_hold { count_all(evidence, &["asks_to_scan_code"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_where_a_code_may_be_the_request_counts() {
        check(module_path!(), mail().text("Scan the QR code").attachment("code.png", None), Some(2.0));
        check(module_path!(), mail().text("Scan the QR code").attachment("code.pdf", None), Some(2.0));
        check(module_path!(), mail().text("Scan the QR code"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
