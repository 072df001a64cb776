//! The person of this name is known by other addresses.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::people::is_elsewhere;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "the person of this name is known by other addresses",
    "For imitation of a known person, whose addresses are proved: by login, by our own people's letters, or by \
     writing to one another. 1 where an outside author's is none of them, else 0; unknown where none is proved for \
     the name.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    is_elsewhere(evidence)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn another_address_is_seen() {
        let proved = |proved| mail().with(|m| m.baseline.name.as_mut().expect("named").person.author = proved);
        check(module_path!(), proved(Some(false)), Some(1.0));
        check(module_path!(), proved(Some(true)), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
