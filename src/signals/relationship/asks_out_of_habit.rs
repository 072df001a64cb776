//! A known author asks for money or a login, and not in the usual way.

use crate::evidence::Evidence;
use crate::signals::habit::new_share;
use crate::signals::requests;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a known author asks for money or a login, and not in the usual way",
    "A mailbox taken over asks what its owner never would, in another way. Phrases of payment, bank details, wages, \
     cards and logins, times the share of the author's habits that are new; unknown for an author of fewer than four \
     habits.",
    measure,
)
.against(&[Attack::ExecutiveImpersonation, Attack::GiftCards, Attack::PayrollDiversion, Attack::InvoiceFraud, Attack::LateralPhishing, Attack::ThreadHijack])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = new_share(evidence.baseline.sender.as_ref())?;
    Some(new * (requests::money(evidence) + requests::login(evidence)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_request_counts_as_far_as_habits_change() {
        check(module_path!(), mail().text("gift card").with(|m| m.baseline.sender.as_mut().expect("known").habits.iter_mut().for_each(|(_, usual)| usual.weight = 0.0)), Some(1.0));
        check(module_path!(), mail().text("gift card"), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}
