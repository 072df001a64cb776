//! The names of those who take part in a thread; that of a reply's author is asked after.

use super::shown::{Keeper, Shown, Trait, distinct, one};

pub(super) const TRAIT: Trait = Trait::new(51, "name of participants", &[Keeper::Thread], 24, shows).asking(asks);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let message = shown.message;
    let others = message.to.iter().chain(&message.cc).map(|mailbox| mailbox.display_name.as_str());
    distinct([message.author_name()].into_iter().chain(others).map(name))
}

fn asks(shown: &Shown<'_>) -> Vec<String> {
    one(Some(name(shown.message.author_name())))
}

/// Its words in the order of the alphabet, so that `Muster, Anna` is Anna Muster; empty for an address or one word, which
/// many share.
fn name(text: &str) -> String {
    if text.contains('@') {
        return String::new();
    }
    let lower = text.to_lowercase();
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    if words.len() < 2 { String::new() } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::check;

    #[test]
    fn names_of_two_words_take_part() {
        check(
            module_path!(),
            "From: \"Muster, Anna\" <a@a.example>\nTo: Bob Oak <b@b.example>\nCc: Sales <c@c.example>, d@d.example\n\nx",
            &["anna muster", "bob oak"],
        );
        check(module_path!(), "From: a@a.example\n\nx", &[]);
    }
}
