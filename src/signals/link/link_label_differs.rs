//! A link names another domain than it leads to.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link names another domain than it leads to",
    "For phishing: the label shows the bank, the target is elsewhere. Number of such links as ln(1 + n); 0 \
     without links.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(0.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.web_links().filter(|link| link.label_differs()).count() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_false_label_is_seen() {
        check(module_path!(), mail().link("https://evil.example/", "www.bank.example"), Some(0.693));
        check(module_path!(), mail().link("https://login.bank.test/", "www.bank.test"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
