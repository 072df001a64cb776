//! A stranger asks to be called about a charge.

use crate::evidence::Evidence;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger asks to be called about a charge",
    "For call-back attacks at first contact. Phrases of calling and of charges where the author is new and both are \
     there, else 0; unknown without author or baseline.",
    measure,
)
.against(&[Attack::Callback])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    Some(if new && count_all(evidence, &["asks_to_call"]) > 0.0 && count_all(evidence, &["speaks_of_renewal"]) > 0.0 { count_all(evidence, &["asks_to_call", "speaks_of_renewal"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_call_counts() {
        check(module_path!(), mail().text("Your subscription will renew. Call us now").stranger(), Some(5.0));
        check(module_path!(), mail().text("Call us now").stranger(), Some(0.0));
        check(module_path!(), mail().text("Your subscription will renew. Call us now"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
