//! All its links lead to one domain, which is not the author's.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "all its links lead to one domain, which is not the author's",
    "For phishing. 1 or 0; unknown without links or author.",
    measure,
)
.of(Category::CredentialPhishing);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_registrable()?;
    let first = &evidence.link_hosts().first()?.registrable;
    fact(first != author && evidence.link_hosts().iter().all(|host| host.registrable == *first))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn one_foreign_domain_is_seen() {
        check(module_path!(), mail().link("https://a.example/", "").link("https://www.a.example/", ""), Some(1.0));
        check(module_path!(), mail().link("https://a.example/", "").link("https://partner.example/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
