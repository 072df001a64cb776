//! Its author never wrote to its recipient in this company.

use crate::evidence::Evidence;
use crate::signals::habit::news_for_pairs;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author never wrote to its recipient in this company",
    "An outsider copied in, or a mailbox writing to all it finds. 1 or 0, where one recipient is used to it; unknown \
     where the author has no such habit towards any of them, or the message shows none.",
    measure,
)
.against(&[Attack::InvoiceFraud, Attack::LateralPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    news_for_pairs(evidence, "company")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_was_never_shown_to_them_is_seen() {
        check(module_path!(), mail().habit("company", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}
