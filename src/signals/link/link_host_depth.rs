//! A link leads to a deep name.

use crate::evidence::Evidence;
use crate::evidence::LinkHost;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a deep name",
    "Long names of many labels hide the one that counts. Most labels below the registrable domain; unknown \
     without links.",
    measure,
)
.of(Category::CredentialPhishing);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let labels = |name: &str| name.split('.').count();
    let depth = |host: &LinkHost<'_>| labels(host.host.as_str()).saturating_sub(labels(host.registrable.as_str()));
    count(evidence.link_hosts().iter().map(depth).max()?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_deepest_counts() {
        check(module_path!(), mail().link("https://a.b.c.evil.example/", "").link("https://a.example/", ""), Some(3.0));
        check(module_path!(), mail(), None);
    }
}
