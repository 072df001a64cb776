//! Who else is addressed: the domains in To and Cc.

use super::shown::{Keeper, Shown, Trait, distinct};

pub(super) const TRAIT: Trait = Trait::new(20, "company of addressees", &[Keeper::Sender, Keeper::Pair], 12, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let named = shown.message.to.iter().chain(&shown.message.cc).filter_map(|mailbox| mailbox.address.as_ref());
    distinct(named.map(|address| address.domain().registrable().as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn domains_show_once() {
        check(module_path!(), "To: a@x.example, b@x.example\nCc: c@y.example\n\nx", &["x.example", "y.example"]);
    }
}
