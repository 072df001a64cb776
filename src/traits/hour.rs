//! The hour of the day at which the message came; those beside it are as usual.

use super::shown::{Keeper, Shown, Trait};

pub(super) const TRAIT: Trait = Trait::new(9, "hour of the day", &[Keeper::Sender], 24, shows).asking(asks);

/// Hours on either side that count as the same habit.
const NEAR: i64 = 1;

fn hour(shown: &Shown<'_>) -> i64 {
    shown.at.secs().div_euclid(3_600).rem_euclid(24)
}

fn shows(shown: &Shown<'_>) -> Vec<String> {
    vec![hour(shown).to_string()]
}

fn asks(shown: &Shown<'_>) -> Vec<String> {
    (-NEAR..=NEAR).map(|off| (hour(shown) + off).rem_euclid(24).to_string()).collect()
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn the_hour_is_that_of_coming() {
        check(module_path!(), "Subject: x\n\nx", &["23"]);
    }
}
