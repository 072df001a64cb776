//! A link holds a name before the host.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link holds a name before the host",
    "https://bank.example@evil.example/ leads to evil.example. 1 or 0; unknown without links.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if evidence.link_hosts().is_empty() {
        return None;
    }
    fact(evidence.web_links().any(|link| {
        let authority = link.target.split_once("//").map_or("", |(_, rest)| rest).split(['/', '?', '#']).next();
        authority.unwrap_or_default().contains('@')
    }))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_sign_behind_the_path_is_none() {
        check(module_path!(), mail().link("https://bank.example@evil.example/", ""), Some(1.0));
        check(module_path!(), mail().link("https://a.example/@anna", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
