//! It bears the name of a protected person, and comes from elsewhere.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Attack;
use crate::signals::insiders::{bears_vip_name, is_outside};
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it bears the name of a protected person, and comes from elsewhere",
    "For imitation of executives. 1 or 0; unknown where the settings protect nobody.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.against(&[Attack::GiftCards, Attack::PayrollDiversion])
.prior(1.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(bears_vip_name(evidence)? && is_outside(evidence))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_protected_name_from_elsewhere_is_seen() {
        check(module_path!(), mail().vip("Vera Chief").from("Vera Chief", "vera@other.example"), Some(1.0));
        check(module_path!(), mail().vip("Vera Chief").from("Vera Chief", "vera@harbour.example"), Some(0.0));
        check(module_path!(), mail().vip("Vera Chief"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
