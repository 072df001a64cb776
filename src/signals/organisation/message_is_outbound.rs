//! The message leaves the organisation.

use crate::evidence::Evidence;
use crate::mail::Direction;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "it goes from our people to others",
    "Mailboxes of ours that were taken over write to others. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.direction() == Direction::Outbound)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_direction_is_a_fact() {
        check(module_path!(), mail().with(|m| m.baseline.direction = Direction::Outbound), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        use crate::mail::Direction;
    }
}
