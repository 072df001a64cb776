//! Its author's domain looks like a brand's and is not.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::brands::is_imitated;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain looks like a brand's and is not",
    "For phishing in the name of companies. 1 or 0; unknown without an author.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(2.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(is_imitated(evidence.author_domain()?, evidence.author_registrable()?))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_look_alike_is_seen() {
        check(module_path!(), mail().from("", "x@paypa1.example"), Some(1.0));
        check(module_path!(), mail().from("", "x@mail.paypal.com"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
