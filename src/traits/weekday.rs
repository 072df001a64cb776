//! The day of the week on which the message came.

use super::shown::{Keeper, Shown, Trait};

pub(super) const TRAIT: Trait = Trait::new(10, "day of the week", &[Keeper::Sender], 7, shows);

/// 1 January 1970 was a Thursday; 0 is Monday.
const FIRST_DAY: i64 = 3;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    vec![(shown.at.secs().div_euclid(86_400) + FIRST_DAY).rem_euclid(7).to_string()]
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn monday_is_the_first() {
        check(module_path!(), "Subject: x\n\nx", &["4"]);
    }
}
