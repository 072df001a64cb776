//! Changed bank details come up within the conversation.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::phrases::count_all;
use crate::signals::threads;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "changed bank details come up within the conversation",
    "For a supplier's conversation that was hijacked. Phrases of changed bank details in a known thread; unknown \
     without one.",
    measure,
)
.of(Category::InvoiceFraud)
.against(&[Attack::ThreadHijack])
.prior(1.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    threads::thread(evidence)?;
    Some(count_all(evidence, &["asks_to_change_bank_details"]))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_changed_account_in_a_conversation_counts() {
        check(module_path!(), mail().in_thread().text("our new bank details"), Some(1.0));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail().text("our new bank details"), None);
    }
}
