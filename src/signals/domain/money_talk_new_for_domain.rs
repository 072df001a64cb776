//! Nobody of its author's domain spoke of money before.

use crate::evidence::Evidence;
use crate::signals::requests;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "nobody of its author's domain spoke of money before",
    "Who never sent invoices is no supplier. 1 where it speaks of invoices or payments in two phrases and no earlier \
     message of the domain did, else 0; unknown for a domain of few trusted messages.",
    measure,
)
.against(&[Attack::InvoiceFraud]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    requests::money_is_new(evidence, evidence.baseline.sender_domain.as_ref(), requests::AUTHOR_TRUSTED_MIN)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn money_is_new_where_it_was_never_spoken_of() {
        check(module_path!(), mail().text("Attached is the invoice. Please pay to our new bank details").habit("money_talk", 0.0), Some(1.0));
        check(module_path!(), mail().text("Attached is the invoice. Please pay to our new bank details"), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}
