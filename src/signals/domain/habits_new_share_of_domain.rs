//! It departs from the habits of its author's domain.

use crate::evidence::Evidence;
use crate::signals::habit::new_share;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it departs from the habits of its author's domain",
    "One change is chance, many at once are another house. Share of the known habits that are new in this message, 0 \
     to 1; unknown for a domain of fewer than four habits.",
    measure,
)
.against(&[Attack::ExecutiveImpersonation, Attack::InvoiceFraud]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    new_share(evidence.baseline.sender_domain.as_ref())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn departures_are_a_share() {
        check(module_path!(), mail().with(|m| m.baseline.sender_domain.as_mut().expect("known").habits.retain(|(n, _)| *n < 11)).habit("mailer", 0.0), Some(0.1));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}
