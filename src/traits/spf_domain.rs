//! The domain of a passing SPF check.

use super::shown::{Keeper, Shown, Trait, one};
use crate::auth::Outcome;

pub(super) const TRAIT: Trait = Trait::new(3, "envelope domain", &[Keeper::Domain], 12, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let passing = shown.auth.spf.domain.as_ref().filter(|_| shown.auth.spf.outcome == Outcome::Pass);
    one(passing.map(|domain| domain.registrable().as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::proved;

    #[test]
    fn only_a_pass_shows() {
        proved(module_path!(), |m| m.spf("m.b.example", true), &["b.example"]);
        proved(module_path!(), |m| m.spf("m.b.example", false), &[]);
    }
}
