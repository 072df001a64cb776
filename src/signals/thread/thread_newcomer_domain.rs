//! Nobody of its author's domain took part in the conversation before.

use crate::evidence::Evidence;
use crate::signals::threads;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "nobody of its author's domain took part in the conversation before",
    "For answers by a look-alike of a participant's domain. 1 or 0; unknown without a known thread.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::InvoiceFraud]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    threads::news(evidence, "participant_domain")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_domain_that_took_no_part_is_seen() {
        check(module_path!(), mail().in_thread().habit("participant_domain", 0.0), Some(1.0));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
