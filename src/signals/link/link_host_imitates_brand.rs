//! A link leads to a name that looks like a brand's and is not.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::brands::is_imitated;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a name that looks like a brand's and is not",
    "For phishing in the name of companies. 1 or 0; unknown without links.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(2.0);

/// Each host is compared with each brand; what is to be clicked stands among the first.
const HOSTS_MAX: usize = 20;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let hosts = evidence.link_hosts();
    if hosts.is_empty() {
        return None;
    }
    fact(hosts.iter().take(HOSTS_MAX).any(|host| is_imitated(host.host, &host.registrable)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_brand_as_a_word_is_seen() {
        check(module_path!(), mail().link("https://paypal.secure.example/", ""), Some(1.0));
        check(module_path!(), mail().link("https://www.paypal.com/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
