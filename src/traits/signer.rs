//! The domain of a passing DKIM signature: an aligned one, else the first.

use super::shown::{Keeper, Shown, Trait, one};
use crate::mail::Domain;

pub(super) const TRAIT: Trait = Trait::new(1, "DKIM domain", &[Keeper::Domain], 12, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let author = shown.author_domain();
    let aligned = |signer: &&Domain| author.as_ref().is_some_and(|author| signer.is_aligned_with(author));
    let signer = shown.auth.signers().find(aligned).or_else(|| shown.auth.signers().next());
    one(signer.map(|signer| signer.registrable().as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::proved;

    #[test]
    fn only_a_passing_signature_shows() {
        proved(module_path!(), |m| m.signed("m.b.example", "k1", true), &["b.example"]);
        proved(module_path!(), |m| m.signed("m.b.example", "k1", false), &[]);
    }
}
