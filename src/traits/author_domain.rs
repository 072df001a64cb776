//! The author's domain, by which the origins of a campaign are counted.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(54, "author's domain", &[Keeper::Campaign], 16, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    one(shown.author_domain().map(|domain| domain.as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::check;

    #[test]
    fn the_domain_is_the_registrable_one() {
        check(module_path!(), "From: a@mail.a.example\n\nx", &["a.example"]);
        check(module_path!(), "Subject: x\n\nx", &[]);
    }
}
