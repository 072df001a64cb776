//! A link leads to an address without a name.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to an address without a name",
    "Machines that were broken into have no name. Number of such links as ln(1 + n); 0 without links.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.web_links().filter(|link| link.ip.is_some()).count() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn an_address_is_seen() {
        check(module_path!(), mail().link("http://192.0.2.1/login", ""), Some(0.693));
        check(module_path!(), mail().link("https://a.example/192.0.2.1", ""), Some(0.0));
    }
}
