//! One of our own asks for a login.

use crate::evidence::Evidence;
use crate::signals::insiders::is_inside;
use crate::signals::requests;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "one of our own asks for a login",
    "For own accounts that were taken over. Phrases of logins, accounts, mailboxes and shared documents where the \
     author is one of our own, else 0.",
    measure,
)
.against(&[Attack::LateralPhishing])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    Some(if is_inside(evidence) { requests::login(evidence) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_our_own_count() {
        check(module_path!(), mail().internal().text("Your mailbox is full"), Some(1.0));
        check(module_path!(), mail().text("Your mailbox is full"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
