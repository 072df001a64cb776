//! The key by which a passing DKIM signature was made: domain and selector (RFC 6376 §3.1).

use super::shown::{Keeper, Shown, Trait, distinct};
use crate::auth::Outcome;

pub(super) const TRAIT: Trait = Trait::new(2, "DKIM key", &[Keeper::Domain], 12, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let passing = shown.auth.dkim.iter().filter(|signature| signature.outcome == Outcome::Pass);
    distinct(passing.filter_map(|s| s.domain.as_ref().map(|domain| format!("{} {}", domain.as_str(), s.selector))))
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::proved;

    #[test]
    fn domain_and_selector_are_the_key() {
        proved(module_path!(), |m| m.signed("m.b.example", "k1", true), &["m.b.example k1"]);
        proved(module_path!(), |m| m.signed("m.b.example", "k1", false), &[]);
    }
}
