//! Whether the author's name is a known person's, and the address one of that person's.

use super::insiders::is_outside;
use super::registry::fact;
use crate::baseline::NameUse;
use crate::evidence::Evidence;

/// The author's name where it is known which addresses are that person's, and whether the author's is one of them.
pub(super) fn known<'a>(evidence: &Evidence<'a>) -> Option<(&'a NameUse, bool)> {
    let name = evidence.baseline.name.as_ref().filter(|_| evidence.baseline.is_known())?;
    evidence.author()?;
    Some((name, name.person.author?))
}

/// 1 where somebody outside bears the name of a person and writes from none of the person's addresses, else 0; `None`
/// where no address is proved to be a person's of that name.
pub(super) fn is_elsewhere(evidence: &Evidence<'_>) -> Option<f32> {
    let (_, proved) = known(evidence)?;
    fact(!proved && is_outside(evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::{Fixture, mail};

    fn check(message: Fixture, expected: Option<f32>) {
        assert_eq!(is_elsewhere(&message.evidence()), expected);
    }

    #[test]
    fn another_address_is_told_from_a_persons_own() {
        let proved = |proved| mail().with(|m| m.baseline.name.as_mut().expect("named").person.author = proved);
        check(proved(Some(false)), Some(1.0));
        check(proved(Some(true)), Some(0.0));
        check(proved(None), None);
        check(proved(Some(false)).internal(), Some(0.0));
        check(mail().unknown(), None);
    }
}
