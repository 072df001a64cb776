//! The domains to which links lead.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};
use std::collections::HashSet;

pub(super) const SIGNAL: Signal = Signal::either(
    "of how many domains its links lead to",
    "Phishing leads to one, newsletters to several. Distinct registrable domains as ln(1 + n); unknown without \
     links.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let hosts = evidence.link_hosts();
    let distinct: HashSet<&str> = hosts.iter().map(|host| host.registrable.as_str()).collect();
    if hosts.is_empty() { None } else { log(distinct.len() as f32) }
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn domains_are_counted_once() {
        check(module_path!(), mail().link("https://a.example/", "").link("https://www.a.example/", ""), Some(0.693));
        check(module_path!(), mail(), None);
    }
}
