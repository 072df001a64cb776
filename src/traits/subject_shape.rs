//! The form of the subject: what it is made of, not what it says.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(12, "form of subject", &[Keeper::Sender], 12, shows);

/// Signs of the form; what follows adds no habit.
const SIGNS_MAX: usize = 12;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    one(Some(shape(&shown.message.subject)))
}

/// One sign a word: capitalised, lower case, capitals, number, mixed, or the mark that it is; runs as one.
fn shape(subject: &str) -> String {
    let mut shape = String::new();
    for word in subject.split_whitespace() {
        let sign = sign(word);
        if !shape.ends_with(sign) {
            shape.push(sign);
        }
        if shape.len() >= SIGNS_MAX {
            break;
        }
    }
    shape
}

fn sign(word: &str) -> char {
    if matches!(word.to_lowercase().as_str(), "re:" | "fw:" | "fwd:" | "aw:" | "wg:" | "tr:" | "sv:") {
        return ':';
    }
    let (letters, digits) = (word.chars().any(char::is_alphabetic), word.chars().any(|c| c.is_ascii_digit()));
    let lower = word.chars().any(char::is_lowercase);
    match (letters, digits) {
        (true, true) => 'x',
        (false, true) => '9',
        (false, false) => '-',
        (true, false) if !lower => 'A',
        (true, false) if word.starts_with(|c: char| !c.is_lowercase()) => 'W',
        (true, false) => 'w',
    }
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn words_become_signs() {
        check(module_path!(), "Subject: Re: Invoice 2026-117 for ACME order\n\nx", &[":W9wAw"]);
    }

    #[test]
    fn an_empty_subject_has_no_form() {
        check(module_path!(), "Subject: \n\nx", &[]);
    }
}
