//! The address to which replies are to go, where that is not the author.

use super::shown::{Keeper, Shown, Trait, distinct};

pub(super) const TRAIT: Trait = Trait::new(17, "reply address", &[Keeper::Sender, Keeper::Domain], 8, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let author = shown.author().map(crate::mail::Address::key);
    let replies = shown.message.reply_to.iter().filter_map(|mailbox| mailbox.address.as_ref());
    distinct(replies.map(crate::mail::Address::key).filter(|key| Some(key) != author.as_ref()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn another_address_shows() {
        check(module_path!(), "From: a@x.example\nReply-To: A@x.example, b@y.example\n\nx", &["b@y.example"]);
    }

    #[test]
    fn no_reply_to_shows_nothing() {
        check(module_path!(), "From: a@x.example\n\nx", &[]);
    }
}
