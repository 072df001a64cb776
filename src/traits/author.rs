//! The author's address, by which the senders of a campaign are counted.

use super::shown::{Keeper, Shown, Trait, one};
use crate::mail::Address;

pub(super) const TRAIT: Trait = Trait::new(53, "author", &[Keeper::Campaign], 16, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    one(shown.author().map(Address::key))
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::check;

    #[test]
    fn the_author_is_an_address() {
        check(module_path!(), "From: Anna <Anna@A.example>\n\nx", &["anna@a.example"]);
        check(module_path!(), "Subject: x\n\nx", &[]);
    }
}
