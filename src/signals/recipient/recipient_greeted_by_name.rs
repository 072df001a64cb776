//! The text greets the recipient by name.

use crate::evidence::Evidence;
use crate::signals::phrases::stands_in;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::falls(
    "its recipient is not greeted by name",
    "Who knows the recipient greets by name. 1 where a part of the recipient's local part or display name stands \
     in the first words, else 0; unknown without recipients.",
    measure,
);

/// A salutation and the name behind it.
const GREETING_BYTES: usize = 60;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let address = evidence.recipients().next()?;
    let text = evidence.wording().split_once('\n').map_or("", |(_, text)| text);
    let greeting = &text[..text.floor_char_boundary(GREETING_BYTES)];
    let shown =
        evidence.message.to.iter().find(|m| m.address.as_ref() == Some(address)).map_or("", |m| &m.display_name);
    let known = format!("{} {}", address.local(), shown).to_lowercase();
    let mut parts = known.split(|c: char| !c.is_alphabetic()).filter(|part| part.len() >= 3);
    fact(parts.any(|part| stands_in(greeting, part)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_name_is_a_word_of_the_greeting() {
        check(module_path!(), mail(), Some(1.0));
        check(
            module_path!(),
            mail().text("Dear customer, greetings from the bank, which writes to you today. Bob"),
            Some(0.0),
        );
        check(module_path!(), mail().text("Bobby, hello"), Some(0.0));
    }
}
