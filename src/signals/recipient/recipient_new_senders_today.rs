//! Of how many new correspondents wrote to its recipient today.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};
use crate::signals::Attack;

pub(super) const SIGNAL: Signal = Signal::rises(
    "of how many new correspondents wrote to its recipient today",
    "A mail bomb signs its victim up everywhere, so that many write for the first time. First messages of authors \
     new to the recipient within about a day, as ln(1 + n), the most among the recipients; unknown without \
     recipients or baseline.",
    measure,
)
.against(&[Attack::MailBomb])
.prior(0.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let new = |profile: &Option<crate::baseline::Profile>| profile.as_ref().map_or(0.0, |profile| profile.newcomers);
    log(evidence.baseline.recipients.iter().map(|recipient| new(&recipient.profile)).reduce(f32::max)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_most_visited_recipient_counts() {
        let visited = |n| mail().with(|m| m.baseline.recipients[0].profile.as_mut().expect("known").newcomers = n);
        check(module_path!(), visited(50.0), Some(3.932));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.baseline.recipients[0].profile = None), Some(0.0));
        check(module_path!(), mail().with(|m| m.baseline.recipients.clear()), None);
        check(module_path!(), mail().unknown(), None);
    }
}
