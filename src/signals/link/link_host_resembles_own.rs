//! A link leads to a name that looks like our own.

use crate::evidence::Evidence;
use crate::mail::{Category, Domain};
use crate::signals::registry::{Signal, fact};
use crate::signals::resemblance::{names, resembles};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a name that looks like our own",
    "For phishing of our people: a changed letter, our label in a foreign name. 1 or 0; unknown without links or \
     own domains.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(2.0);

/// Each host is compared with each own domain, so both are few.
const HOSTS_MAX: usize = 20;
const OWN_MAX: usize = 20;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let own: Vec<Domain> = evidence.organisation.domains.iter().take(OWN_MAX).map(Domain::registrable).collect();
    let hosts = evidence.link_hosts();
    if own.is_empty() || hosts.is_empty() {
        return None;
    }
    let foreign = hosts.iter().take(HOSTS_MAX).filter(|host| !evidence.organisation.owns(host.host));
    fact(foreign.into_iter().any(|h| own.iter().any(|own| resembles(&h.registrable, own) || names(h.host, own))))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn look_alikes_and_borrowed_labels_are_seen() {
        check(module_path!(), mail().link("https://harb0ur.example/", ""), Some(1.0));
        check(module_path!(), mail().link("https://harbour.pay.test/", ""), Some(1.0));
        check(module_path!(), mail().link("https://www.harbour.example/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
