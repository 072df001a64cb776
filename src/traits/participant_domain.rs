//! The domains that take part in a thread; that of a reply's author is asked after.

use super::shown::{Keeper, Shown, Trait, distinct, one};

pub(super) const TRAIT: Trait = Trait::new(50, "domain of participants", &[Keeper::Thread], 12, shows).asking(asks);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let message = shown.message;
    let named = message.to.iter().chain(&message.cc).filter_map(|mailbox| mailbox.address.as_ref());
    let all = shown.author().into_iter().chain(named).chain(&shown.envelope.recipients);
    distinct(all.map(|address| address.domain().registrable().as_str().to_owned()))
}

fn asks(shown: &Shown<'_>) -> Vec<String> {
    one(shown.author_domain().map(|domain| domain.as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::check;

    #[test]
    fn everyones_domain_takes_part() {
        check(
            module_path!(),
            "From: a@mail.a.example\nTo: b@b.example, c@b.example\nCc: d@d.example\n\nx",
            &["a.example", "b.example", "d.example"],
        );
        check(module_path!(), "Subject: x\n\nx", &[]);
    }
}
