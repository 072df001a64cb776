//! It departs from its author's habits.

use crate::evidence::Evidence;
use crate::signals::habit::new_share;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it departs from its author's habits",
    "One change is chance, many at once are another hand. Share of the known habits that are new in this message, 0 \
     to 1; unknown for an author of fewer than four habits.",
    measure,
)
.against(&[Attack::ExecutiveImpersonation, Attack::LateralPhishing, Attack::ThreadHijack]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    new_share(evidence.baseline.sender.as_ref())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{Fixture, mail};
    use crate::signals::check::check;

    #[test]
    fn departures_are_a_share() {
        let ten = |m: &mut Fixture| m.baseline.sender.as_mut().expect("known").habits.retain(|(n, _)| *n < 11);
        check(module_path!(), mail().with(ten).habit("mailer", 0.0), Some(0.1));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}
