//! Who takes part in a thread; the author of a reply is asked after.

use super::shown::{Keeper, Shown, Trait, distinct, one};
use crate::mail::Address;

pub(super) const TRAIT: Trait = Trait::new(29, "participant", &[Keeper::Thread], 24, shows).asking(asks);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let message = shown.message;
    let named = message.to.iter().chain(&message.cc).filter_map(|mailbox| mailbox.address.as_ref());
    distinct(shown.author().into_iter().chain(named).chain(&shown.envelope.recipients).map(Address::key))
}

fn asks(shown: &Shown<'_>) -> Vec<String> {
    one(shown.author().map(Address::key))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn author_and_addressees_take_part() {
        check(module_path!(), "From: a@x.example\nTo: b@y.example\n\nx", &["a@x.example", "b@y.example"]);
    }
}
