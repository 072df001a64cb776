//! How often our people wrote to the author's domain.

use crate::evidence::Evidence;
use crate::signals::free_mail::is_free_mail;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how seldom our people wrote to its author's domain",
    "A partner of the house is written to. Messages to the domain, decayed, as ln(1 + n), 0 for a new domain; \
     unknown without author or baseline, for free mailboxes, whose domain is nobody's, and where none is known and our \
     people's letters do not pass.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_registrable()?;
    if !evidence.baseline.is_known() || is_free_mail(author) {
        return None;
    }
    evidence.baseline.solicited(evidence.baseline.sender_domain.as_ref())?;
    log(evidence.baseline.sender_domain.as_ref().map_or(0.0, |profile| profile.counts.written_to))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn letters_are_a_logarithm() {
        check(module_path!(), mail(), Some(1.79));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().from("", "a@gmail.com"), None);
        check(module_path!(), mail().unknown(), None);
        check(module_path!(), mail().with(|m| (m.baseline.sees_own, m.baseline.sender_domain.as_mut().unwrap().written_to) = (false, 0)), None);
    }
}
