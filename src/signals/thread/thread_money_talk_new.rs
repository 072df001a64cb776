//! Money is spoken of for the first time in the conversation.

use crate::evidence::Evidence;
use crate::signals::requests;
use crate::signals::threads::grown;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "money is spoken of for the first time in the conversation",
    "For a payment slipped into an old conversation. 1 where it speaks of invoices or payments in two phrases and no \
     earlier message of the thread did, else 0; unknown without a thread of two messages.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::InvoiceFraud]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let thread = grown(evidence)?;
    requests::money_is_new(evidence, Some(thread), requests::THREAD_TRUSTED_MIN)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn money_is_new_in_a_conversation() {
        check(module_path!(), mail().in_thread().text("Attached is the invoice. Please pay to our new bank details").habit("money_talk", 0.0), Some(1.0));
        check(module_path!(), mail().in_thread().text("Attached is the invoice. Please pay to our new bank details"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
