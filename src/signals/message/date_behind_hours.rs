//! The message is dated long before it came.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the message is dated long before it came",
    "For wrong clocks of crude bulk senders and for replayed messages. Hours from its date to arrival as ln(1 + \
     n); unknown without date.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let written = evidence.message.date?;
    log(evidence.days_since(written) * 24.0)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{DAY, NOW, mail};
    use crate::signals::check::check;

    #[test]
    fn hours_behind_are_counted() {
        check(module_path!(), mail().with(|m| m.message.date = Some(Moment(NOW.0 - DAY))), Some(3.219));
        check(module_path!(), mail().with(|m| m.message.date = Some(Moment(NOW.0 + DAY))), Some(0.0));
        check(module_path!(), mail().with(|m| m.message.date = None), None);
        use crate::mail::Moment;
    }
}
