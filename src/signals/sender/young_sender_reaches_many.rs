//! Of how many of us its author reached within hours of the first message.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "of how many of us its author reached within hours of the first message",
    "Whoever prepared an address for one attack uses it on many at once. Distinct recipients beyond the first of an author who is \
     new, those of this message among them, as ln(1 + n), else 0; unknown without author or baseline.",
    measure,
)
.against(&[Attack::CredentialPhishing, Attack::Reconnaissance, Attack::Bulk])
.prior(0.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let before = evidence.baseline.sender.as_ref().map_or(0, |profile| profile.correspondents);
    // Those looked up tell which of this message's recipients were written to before.
    let added = evidence.baseline.recipients.iter().filter(|recipient| recipient.pair.is_none()).count();
    log(if new { before as f32 + added as f32 - 1.0 } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn recipients_of_the_first_hours_add_up() {
        let young = |m: &mut crate::evidence::fixture::Fixture| m.baseline.sender.as_mut().expect("known").young = true;
        check(module_path!(), mail().with(young), Some(1.099));
        check(module_path!(), mail().with(young).with(|m| m.baseline.recipients[0].pair = None), Some(1.386));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
