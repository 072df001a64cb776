//! It is mostly links.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it is mostly links",
    "Phishing and bulk mail have few words around their links. Links per 100 characters of text; 0 without \
     links.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let links = evidence.web_links().count() as f32;
    Some(100.0 * links / evidence.lettering().shown.max(20) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn links_are_weighed_with_text() {
        check(module_path!(), mail().text(&"a".repeat(50)).link("https://a.example/", ""), Some(2.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
