//! It bears the name of one of our people, and comes from elsewhere.

use crate::evidence::Evidence;
use crate::mail::{Category, Direction};
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it bears the name of one of our people, and comes from elsewhere",
    "For imitation of colleagues and executives. 1 where the display name is borne by an own address and an \
     inbound author is foreign, else 0; unknown without name, author or baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(1.75)
.against(&[Attack::PayrollDiversion, Attack::GiftCards]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_domain()?;
    if !evidence.baseline.is_known() {
        return None;
    }
    let name = evidence.baseline.name.as_ref()?;
    fact(name.own && evidence.direction() == Direction::Inbound && !evidence.organisation.owns(author))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn an_own_name_at_a_foreign_address_is_seen() {
        check(module_path!(), mail().with(|m| m.baseline.name.as_mut().unwrap().own = true), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
