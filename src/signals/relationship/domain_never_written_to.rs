//! None of our people ever wrote to its author's domain.

use crate::evidence::Evidence;
use crate::signals::free_mail::is_free_mail;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "none of our people ever wrote to its author's domain",
    "Who writes to an organisation knows it. 1 or 0; unknown without author or baseline, and for free mailboxes, \
     whose domain is nobody's, and of one that is known where our people's letters do not \
     pass.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.author_is_new()?;
    if is_free_mail(evidence.author_registrable()?) {
        return None;
    }
    fact(!evidence.baseline.solicited(evidence.baseline.sender_domain.as_ref())?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn one_letter_of_ours_solicits() {
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), Some(1.0));
        check(module_path!(), mail().from("Anna", "anna@gmail.com").stranger(), None);
        check(module_path!(), mail().unknown(), None);
        check(module_path!(), mail().with(|m| (m.baseline.sees_own, m.baseline.sender_domain.as_mut().unwrap().written_to) = (false, 0)), None);
    }
}
