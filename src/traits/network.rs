//! The network of the client: /24 or /48.

use super::shown::{Keeper, Shown, Trait, one};
use crate::mail::Network;

pub(super) const TRAIT: Trait = Trait::new(4, "client network", &[Keeper::Domain, Keeper::Sender], 24, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    one(shown.envelope.client.map(|client| Network::of_client(client).to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::proved;

    #[test]
    fn the_client_stands_in_a_network() {
        proved(module_path!(), |m| m.envelope.client = "192.0.2.77".parse().ok(), &["192.0.2.0/24"]);
        proved(module_path!(), |_| {}, &[]);
    }
}
