//! A link leads to a name in another alphabet.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a name in another alphabet",
    "Look-alike letters of other alphabets (RFC 5890). 1 or 0; unknown without links.",
    measure,
)
.of(Category::CredentialPhishing);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let hosts = evidence.link_hosts();
    if hosts.is_empty() { None } else { fact(hosts.iter().any(|host| host.host.is_international())) }
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn an_a_label_is_seen() {
        check(module_path!(), mail().link("https://p\u{430}ypal.example/", ""), Some(1.0));
        check(module_path!(), mail().link("https://a.example/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
