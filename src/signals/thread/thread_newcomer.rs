//! Its author took no part in the conversation before.

use crate::evidence::Evidence;
use crate::signals::threads;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author took no part in the conversation before",
    "For answers by another account than the participants'. 1 or 0; unknown without a known thread.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::InvoiceFraud, Attack::ExecutiveImpersonation]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    threads::news(evidence, "participant")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn who_took_no_part_is_seen() {
        check(module_path!(), mail().in_thread().habit("participant", 0.0), Some(1.0));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
