//! The message is dated in the future.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the message is dated in the future",
    "Bulk senders date messages ahead so that they stay on top. Hours ahead of arrival as ln(1 + n), 0 when not; \
     unknown without date.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let written = evidence.message.date?;
    log((written.days_since(evidence.received_at) * 24.0) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{DAY, NOW, mail};
    use crate::signals::check::check;

    #[test]
    fn hours_ahead_are_counted() {
        check(module_path!(), mail().with(|m| m.message.date = Some(Moment(NOW.0 + DAY))), Some(3.219));
        check(module_path!(), mail().with(|m| m.message.date = Some(Moment(NOW.0 - DAY))), Some(0.0));
        check(module_path!(), mail().with(|m| m.message.date = None), None);
        use crate::mail::Moment;
    }
}
