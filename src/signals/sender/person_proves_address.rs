//! The address is proved to be that of the person whom its author names.

use crate::evidence::Evidence;
use crate::signals::people;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::falls(
    "the address is not proved to be that of the person whom its author names",
    "Reassures where somebody writes from another address of theirs. 1 where the author's address is among those \
     proved for the name, else 0; unknown where none is.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(people::known(evidence)?.1)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_proved_address_reassures() {
        let proved = |proved| mail().with(|m| m.baseline.name.as_mut().expect("named").person.author = proved);
        check(module_path!(), proved(Some(true)), Some(1.0));
        check(module_path!(), proved(Some(false)), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
