//! Of how long copies of it have been coming.

use crate::evidence::Evidence;
use crate::signals::campaigns;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how long copies of it have been coming",
    "An attack comes within hours, a form letter for months. Hours since the first copy, as ln(1 + n); unknown \
     without copies.",
    measure,
)
.against(&[Attack::Bulk, Attack::MailBomb]);

/// Hours of a day.
const HOURS: f32 = 24.0;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.days_since(campaigns::campaign(evidence)?.first_seen) * HOURS)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn hours_are_a_logarithm() {
        check(module_path!(), mail().in_campaign(), Some(7.783));
        check(module_path!(), mail(), None);
    }
}
