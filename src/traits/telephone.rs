//! The telephone numbers that the author gives, as in a signature.

use super::shown::{Keeper, Shown, Trait, distinct};

pub(super) const TRAIT: Trait = Trait::new(42, "telephone number", &[Keeper::Sender, Keeper::Domain], 16, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let given = shown.message.telephones().numbers.iter().filter(|telephone| !telephone.quoted);
    distinct(given.map(|telephone| telephone.number.clone()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn numbers_show_by_their_last_digits() {
        check(module_path!(), "Subject: x\n\nRegards\nAnna\n-- \n+49 30 12345678, 030 123 456 78\n", &["12345678"]);
    }

    #[test]
    fn a_quoted_number_is_anothers() {
        check(module_path!(), "Subject: x\n\nyes\n\n> +49 30 12345678\n", &[]);
    }
}
