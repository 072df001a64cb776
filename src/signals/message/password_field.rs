//! The message holds a field for a password.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the message holds a field for a password",
    "For credential phishing without a link. 1 or 0.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.html.password_fields > 0)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_password_field_is_a_fact() {
        check(module_path!(), mail().with(|m| m.message.html.password_fields = 1), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
