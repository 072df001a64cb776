//! Its author proved its domain until now, and does not this time.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author proved its domain until now, and does not this time",
    "For forged correspondents. 1 where at least 3 trusted messages were seen and this one is not proved, else \
     0; unknown without author, baseline or checks.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(0.75);

/// Fewer proofs are no habit.
const TRUSTED_MIN: f32 = 3.0;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let proved = evidence.author_is_proved()?;
    let trusted = evidence.baseline.sender.as_ref().map_or(0.0, |profile| profile.counts.trusted);
    fact(!new && !proved && trusted >= TRUSTED_MIN)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_habit_that_breaks_is_seen() {
        check(module_path!(), mail().unproved(), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(
            module_path!(),
            mail().unproved().with(|m| m.baseline.sender.as_mut().unwrap().counts.trusted = 2.0),
            Some(0.0),
        );
        check(module_path!(), mail().unproved().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
        check(module_path!(), mail().unchecked(), None);
    }
}
