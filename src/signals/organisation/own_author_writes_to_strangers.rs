//! One of our own writes to many who are new to him.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::insiders::is_inside;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "one of our own writes to many who are new to him",
    "For own accounts that were taken over. Recipients to whom one of our own never wrote, as ln(1 + n), else 0; \
     unknown without recipients or baseline.",
    measure,
)
.against(&[Attack::LateralPhishing, Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.baseline.recipients;
    if !evidence.baseline.is_known() || recipients.is_empty() {
        return None;
    }
    let new = recipients.iter().filter(|recipient| recipient.pair.as_ref().is_none_or(|pair| pair.seen == 0)).count();
    log(if is_inside(evidence) { new as f32 } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_our_own_count() {
        check(module_path!(), mail().internal().stranger(), Some(0.693));
        check(module_path!(), mail().internal(), Some(0.0));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
