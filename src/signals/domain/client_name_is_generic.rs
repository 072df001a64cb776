//! Its client is named after its address.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use std::net::IpAddr;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its client is named after its address",
    "Dial-up and rented machines are. 1 where the reverse name holds two numbers of the address or a word like \
     dsl or dynamic, else 0; unknown without a name.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let name = evidence.envelope.client_name.as_deref()?.to_ascii_lowercase();
    let numbered = match evidence.envelope.client.map(|client| client.to_canonical()) {
        Some(IpAddr::V4(client)) => {
            let parts: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).collect();
            let octets = client.octets();
            octets[2..].iter().all(|octet| parts.contains(&octet.to_string().as_str()))
        }
        _ => false,
    };
    let words =
        ["dsl", "dialup", "dyn", "dynamic", "pool", "ppp", "dhcp", "cable", "customer", "client", "broadband", "vps"];
    fact(
        numbered
            || name.split(['.', '-']).any(|word| words.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()))),
    )
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn numbers_of_the_address_are_seen() {
        let named = |name: &str| mail().with(|m| m.envelope.client_name = Some(name.to_owned()));
        check(module_path!(), named("host-100-7.net.example"), Some(1.0));
        check(module_path!(), named("dsl.net.example"), Some(1.0));
        check(module_path!(), named("mx7.net.example"), Some(0.0));
        check(module_path!(), mail().with(|m| m.envelope.client_name = None), None);
    }
}
