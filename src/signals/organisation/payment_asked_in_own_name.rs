//! Somebody outside asks for money in the name of one of us.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::insiders::is_in_own_name;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "somebody outside asks for money in the name of one of us",
    "For executives who have something paid. Phrases of payment and bank details where the name is one of ours and \
     the address is not, else 0; unknown without a name, or without baseline and protected people.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.against(&[Attack::InvoiceFraud])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let imitated = is_in_own_name(evidence)?;
    Some(if imitated { count_all(evidence, &["asks_for_payment", "asks_to_change_bank_details"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_borrowed_name_counts() {
        check(module_path!(), mail().vip("Anna Chief").from("Anna Chief", "x@other.example").text("our new bank details"), Some(1.0));
        check(module_path!(), mail().text("our new bank details"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
