//! The registrable domain of the HELO name, as claimed.

use super::shown::{Keeper, Shown, Trait, one};
use crate::mail::Domain;

pub(super) const TRAIT: Trait = Trait::new(5, "HELO domain", &[Keeper::Domain], 12, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let claimed = shown.envelope.helo.as_deref().and_then(Domain::parse);
    one(claimed.map(|domain| domain.registrable().as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::proved;

    #[test]
    fn the_claimed_domain_shows() {
        proved(module_path!(), |m| m.envelope.helo = Some("mx.b.example".to_owned()), &["b.example"]);
        proved(module_path!(), |m| m.envelope.helo = Some("[192.0.2.1]".to_owned()), &[]);
    }
}
