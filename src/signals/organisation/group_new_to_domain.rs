//! Nobody of its author's domain ever wrote to a group it goes to.

use crate::baseline::is_new;
use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "nobody of its author's domain ever wrote to a group it goes to",
    "Who writes to the pay office or the accounts for the first time is looked at twice. 1 or 0; unknown where it \
     goes to no group of the settings, or without author or baseline.",
    measure,
)
.against(&[Attack::PayrollDiversion, Attack::InvoiceFraud, Attack::ExecutiveImpersonation]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() || evidence.baseline.groups.is_empty() {
        return None;
    }
    fact(evidence.baseline.groups.iter().any(|group| is_new(group.as_ref())))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn a_group_never_reached_is_seen() {
        check(module_path!(), mail().with(|m| m.baseline.groups = vec![Some(profile()), None]), Some(1.0));
        check(module_path!(), mail().with(|m| m.baseline.groups = vec![Some(profile())]), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
