//! A charge is spoken of from a free mailbox.

use crate::evidence::Evidence;
use crate::signals::free_mail::is_free_mail;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a charge is spoken of from a free mailbox",
    "Houses that charge have a domain of their own. Phrases where the author's mailbox is a free one, else 0; unknown \
     without an author.",
    measure,
)
.against(&[Attack::Callback])
.prior(0.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let free = is_free_mail(evidence.author_registrable()?);
    Some(if free { count_all(evidence, &["speaks_of_renewal"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_free_mailbox_counts() {
        check(module_path!(), mail().from("Anna", "anna@gmail.com").text("Your subscription will renew"), Some(3.0));
        check(module_path!(), mail().text("Your subscription will renew"), Some(0.0));
        check(module_path!(), mail().with(|m| { m.message.from.clear(); m.envelope.sender = None; }), None);
    }
}
