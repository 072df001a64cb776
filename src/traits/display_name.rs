//! The name that the author goes by.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(18, "display name", &[Keeper::Sender], 6, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    one(Some(shown.message.author_name().trim().to_lowercase()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn the_name_is_read() {
        check(module_path!(), "From: Anna Muster <a@x.example>\n\nx", &["anna muster"]);
    }
}
