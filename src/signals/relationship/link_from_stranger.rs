//! A stranger sends links.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger sends links",
    "For phishing at first contact. Links to the web where the author is new, as ln(1 + n), else 0; unknown \
     without author or baseline.",
    measure,
)
.of(Category::CredentialPhishing);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    log(if new { evidence.web_links().count() as f32 } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_links_count() {
        check(module_path!(), mail().link("https://a.example/", "").stranger(), Some(0.693));
        check(module_path!(), mail().link("https://a.example/", ""), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
