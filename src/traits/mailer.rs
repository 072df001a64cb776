//! The program that wrote the message, without its version.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(6, "mail program", &[Keeper::Sender, Keeper::Domain], 8, shows);

/// Letters of the name that tell programs apart.
const NAME_CHARS_MAX: usize = 40;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let field = ["X-Mailer", "User-Agent"].iter().find_map(|name| shown.message.header(name));
    // A version changes with every update, the program seldom.
    let name = |field: &str| -> String {
        let words = field.split_whitespace().take_while(|word| !word.contains(|c: char| c.is_ascii_digit()));
        let name = words.collect::<Vec<_>>().join(" ").to_lowercase();
        if name.is_empty() { field.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect() } else { name }
    };
    one(field.map(|field| name(field).chars().take(NAME_CHARS_MAX).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn an_update_is_no_other_program() {
        check(module_path!(), "X-Mailer: Microsoft Outlook 16.0\n\nx", &["microsoft outlook"]);
    }

    #[test]
    fn a_name_of_one_word_loses_its_digits() {
        check(module_path!(), "User-Agent: Mutt/2.2.12\n\nx", &["mutt"]);
    }

    #[test]
    fn no_field_shows_nothing() {
        check(module_path!(), "Subject: x\n\nx", &[]);
    }
}
