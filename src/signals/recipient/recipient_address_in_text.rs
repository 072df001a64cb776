//! The text holds the recipient's address.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the text holds the recipient's address",
    "Phishing fills in the address where a name should be. 1 or 0; unknown without recipients.",
    measure,
)
.of(Category::CredentialPhishing);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let first = evidence.recipients().next()?.key();
    fact(evidence.wording().split_once('\n').is_some_and(|(_, text)| text.contains(&first)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_address_is_seen_in_any_case() {
        check(module_path!(), mail().text("Dear BOB@harbour.example,"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
