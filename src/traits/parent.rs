//! Which messages of a thread passed here; the one that is answered is asked after.

use super::shown::{Keeper, Shown, Trait, distinct, one};

pub(super) const TRAIT: Trait = Trait::new(30, "message answered", &[Keeper::Thread], 24, shows).asking(asks);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    one(shown.message.message_id.clone())
}

fn asks(shown: &Shown<'_>) -> Vec<String> {
    let message = shown.message;
    distinct(message.in_reply_to.iter().chain(message.references.last()).cloned())
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn a_message_shows_itself() {
        check(module_path!(), "Message-ID: <1@x.example>\nIn-Reply-To: <0@x.example>\n\nx", &["1@x.example"]);
    }
}
