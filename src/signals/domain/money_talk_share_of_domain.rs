//! Of how often its author's domain speaks of money.

use crate::evidence::Evidence;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how often its author's domain speaks of money",
    "Tells a supplier from other correspondents. Share of the domain's trusted messages that spoke of invoices and \
     payments, 0 to 1; unknown for a domain of few of them.",
    measure,
)
.against(&[Attack::InvoiceFraud]);

/// Weight of messages from which a trade can be told.
const TRUSTED_MIN: f32 = 2.5;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let domain = evidence.baseline.sender_domain.as_ref()?;
    let spoken = domain.usual("money_talk")?.weight;
    (domain.counts.trusted >= TRUSTED_MIN).then(|| (spoken / domain.counts.trusted).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn talk_of_money_is_a_share() {
        check(module_path!(), mail().habit("money_talk", 3.0), Some(0.2));
        check(module_path!(), mail(), Some(1.0));
        check(module_path!(), mail().stranger(), None);
    }
}
