//! It confirms a registration with a domain that was never written to.

use crate::evidence::Evidence;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it confirms a registration with a domain that was never written to",
    "A mail bomb is made of registrations in the victim's name. Phrases where none of us wrote to the author's domain \
     and it is new, else 0; unknown without author or baseline.",
    measure,
)
.against(&[Attack::MailBomb, Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let written = evidence.baseline.sender_domain.as_ref().is_some_and(|domain| domain.written_to > 0);
    Some(if new && !written { count_all(evidence, &["confirms_registration"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_confirmation_counts() {
        check(module_path!(), mail().text("Confirm your subscription").stranger(), Some(1.0));
        check(module_path!(), mail().text("Confirm your subscription"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
