//! A link leads to a domain never seen before.

use crate::baseline::is_new;
use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a domain never seen before",
    "Pages of attacks are made for the day. 1 where a domain it links to is new to us, over all senders, else 0; \
     unknown without links to other domains, or without baseline.",
    measure,
)
.against(&[Attack::CredentialPhishing, Attack::MalwareByLink, Attack::LateralPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let domains = &evidence.baseline.link_domains;
    if !evidence.baseline.is_known() || domains.is_empty() {
        return None;
    }
    fact(domains.iter().any(|domain| is_new(domain.as_ref())))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn a_new_page_is_seen() {
        check(module_path!(), mail().with(|m| m.baseline.link_domains = vec![Some(profile()), None]), Some(1.0));
        check(module_path!(), mail().with(|m| m.baseline.link_domains = vec![Some(profile())]), Some(0.0));
        check(module_path!(), mail(), None);
        check(module_path!(), mail().unknown(), None);
    }
}
