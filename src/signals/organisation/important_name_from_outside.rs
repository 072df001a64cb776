//! It bears the name of one whom many of our people regard, and comes from elsewhere.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Attack;
use crate::signals::insiders::is_outside;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it bears the name of one whom many of our people regard, and comes from elsewhere",
    "For imitation of executives whom no setting names: learned from whom many own people copy, greet by a title or \
     write to. 1 where an outside author bears such a name and the address is not known as that person's, else 0; \
     unknown without name or baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.against(&[Attack::GiftCards, Attack::PayrollDiversion])
.prior(1.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let name = evidence.baseline.name.as_ref().filter(|_| evidence.baseline.is_known())?;
    fact(name.esteem.important && is_outside(evidence) && name.person.author != Some(true))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_learned_name_from_elsewhere_is_seen() {
        let named = |important, author| {
            mail().with(|m| {
                let name = m.baseline.name.as_mut().expect("named");
                (name.esteem.important, name.person.author) = (important, author);
            })
        };
        check(module_path!(), named(true, Some(false)), Some(1.0));
        check(module_path!(), named(true, None), Some(1.0));
        check(module_path!(), named(true, Some(true)), Some(0.0));
        check(module_path!(), named(false, Some(false)), Some(0.0));
        check(module_path!(), named(true, Some(false)).internal(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
