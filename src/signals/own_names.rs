//! Whether words name the organisation.

use super::phrases::stands_in;
use super::resemblance::label;
use crate::mail::Domain;

/// Own domains compared; an organisation with more has them for parking.
pub(super) const OWN_MAX: usize = 50;

/// Shorter labels are words of other meanings.
const LABEL_LETTERS_MIN: usize = 4;

/// Whether an own domain, or its own label as a word, stands in a text of the form of [`crate::evidence::normalise`].
pub(super) fn names_own(text: &str, own: &Domain) -> bool {
    let registrable = own.registrable();
    let label = label(&registrable);
    stands_in(text, own.as_str()) || (label.len() >= LABEL_LETTERS_MIN && stands_in(text, label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::domain;

    #[test]
    fn a_label_counts_as_a_word() {
        assert!(names_own("harbour support", &domain("mail.harbour.example")));
        assert!(!names_own("harbours", &domain("harbour.example")));
        assert!(
            !names_own("the abc of it", &domain("abc.example")) && names_own("abc.example", &domain("abc.example"))
        );
    }
}
