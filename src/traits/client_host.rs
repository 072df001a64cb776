//! The registrable domain of the client by its confirmed reverse name.

use super::shown::{Keeper, Shown, Trait, one};
use crate::mail::Domain;

pub(super) const TRAIT: Trait = Trait::new(23, "sending host", &[Keeper::Domain], 12, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let named = shown.envelope.client_name.as_deref().and_then(Domain::parse);
    one(named.map(|domain| domain.registrable().as_str().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::proved;

    #[test]
    fn the_reverse_name_shows() {
        proved(module_path!(), |m| m.envelope.client_name = Some("mx.b.example".to_owned()), &["b.example"]);
        proved(module_path!(), |_| {}, &[]);
    }
}
