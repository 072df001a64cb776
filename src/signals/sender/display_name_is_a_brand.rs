//! The author's name is a brand's, and its domain is not.

use crate::evidence::Evidence;
use crate::evidence::normalise;
use crate::mail::Category;
use crate::signals::brands::is_borrowed;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's name is a brand's, and its domain is not",
    "For phishing in the name of companies. 1 or 0; unknown without an author.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let domain = evidence.author_registrable()?;
    fact(is_borrowed(&normalise(evidence.message.author_name()), domain))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_borrowed_name_is_seen() {
        check(module_path!(), mail().from("PayPal Service", "x@other.example"), Some(1.0));
        check(module_path!(), mail().from("PayPal Service", "x@mail.paypal.com"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
