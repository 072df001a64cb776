//! It bears the name of a participant, at another address.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};
use crate::signals::threads;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it bears the name of a participant, at another address",
    "For a participant imitated within the conversation. 1 where the author's name took part and the address did not, \
     else 0; unknown without a known thread or a name.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::ExecutiveImpersonation, Attack::InvoiceFraud])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let known = threads::news(evidence, "participant_name")? < 1.0;
    fact(known && threads::news(evidence, "participant")? > 0.0)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_participants_name_elsewhere_is_seen() {
        check(module_path!(), mail().in_thread().habit("participant", 0.0), Some(1.0));
        check(module_path!(), mail().in_thread().habit("participant", 0.0).habit("participant_name", 0.0), Some(0.0));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
