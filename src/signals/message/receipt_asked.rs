//! It asks the mail program to confirm that it was read.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it asks the mail program to confirm that it was read",
    "For probing which addresses are read. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let asks = |name| evidence.message.header(name).is_some();
    fact(asks("Disposition-Notification-To") || asks("Return-Receipt-To") || asks("X-Confirm-Reading-To"))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_receipt_field_is_seen() {
        check(module_path!(), mail().header("Disposition-Notification-To", "anna@partner.example"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
