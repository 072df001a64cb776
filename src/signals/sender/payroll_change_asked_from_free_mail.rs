//! Wages that are to go elsewhere are spoken of from a free mailbox.

use crate::evidence::Evidence;
use crate::signals::free_mail::is_free_mail;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "wages that are to go elsewhere are spoken of from a free mailbox",
    "Employees are imitated from free mailboxes. Phrases where the author's mailbox is a free one, else 0; unknown \
     without an author.",
    measure,
)
.against(&[Attack::PayrollDiversion])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let free = is_free_mail(evidence.author_registrable()?);
    Some(if free { count_all(evidence, &["asks_to_change_payroll"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_free_mailbox_counts() {
        check(module_path!(), mail().from("Anna", "anna@gmail.com").text("change my direct deposit"), Some(2.0));
        check(module_path!(), mail().text("change my direct deposit"), Some(0.0));
        check(module_path!(), mail().with(|m| { m.message.from.clear(); m.envelope.sender = None; }), None);
    }
}
