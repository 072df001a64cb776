//! A link leads to an unusual port.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to an unusual port",
    "Machines that were broken into serve pages beside their own. 1 or 0; unknown without links.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let mut links = evidence.web_links().peekable();
    links.peek()?;
    fact(links.any(|link| {
        let rest = link.target.split_once("//").map_or("", |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
        !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) && port != "80" && port != "443"
    }))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn usual_ports_may_be_named() {
        check(module_path!(), mail().link("http://a.example:8081/", ""), Some(1.0));
        check(module_path!(), mail().link("https://a.example:443/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
