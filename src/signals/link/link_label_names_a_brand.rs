//! A link's words name a brand, and it leads elsewhere.

use crate::evidence::Evidence;
use crate::evidence::normalise;
use crate::mail::Category;
use crate::signals::brands::is_borrowed;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link's words name a brand, and it leads elsewhere",
    "For phishing in the name of companies. 1 or 0; unknown without links.",
    measure,
)
.of(Category::CredentialPhishing);

/// What is to be clicked stands among the first, in a few words.
const LINKS_MAX: usize = 10;
const LABEL_BYTES_MAX: usize = 80;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if evidence.link_hosts().is_empty() {
        return None;
    }
    let mut labelled = evidence.web_links().filter(|link| !link.label.is_empty()).take(LINKS_MAX);
    fact(labelled.any(|link| match link.host.as_ref() {
        Some(host) => {
            let label = &link.label[..link.label.floor_char_boundary(LABEL_BYTES_MAX)];
            is_borrowed(&normalise(label), &host.registrable())
        }
        None => false,
    }))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_borrowed_label_is_seen() {
        check(module_path!(), mail().link("https://a.example/", "Log in to PayPal"), Some(1.0));
        check(module_path!(), mail().link("https://paypal.com/", "Log in to PayPal"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
