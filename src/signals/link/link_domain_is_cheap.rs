//! A link leads to a domain whose ending costs next to nothing.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::signals::suffixes::is_cheap;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a domain whose ending costs next to nothing",
    "Domains made for one attack. 1 or 0; unknown without links.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let hosts = evidence.link_hosts();
    if hosts.is_empty() { None } else { fact(hosts.iter().any(|host| is_cheap(host.host))) }
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_ending_decides() {
        check(module_path!(), mail().link("https://a.top/", ""), Some(1.0));
        check(module_path!(), mail().link("https://a.example/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
