//! A link holds another link.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link holds another link",
    "Open redirects of honest hosts lead to dishonest ones. 1 or 0; unknown without links.",
    measure,
)
.of(Category::CredentialPhishing);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let mut links = evidence.web_links().peekable();
    links.peek()?;
    fact(links.any(|link| {
        let tail = link.target.split_once("//").map_or("", |(_, rest)| rest);
        tail.contains("http:/") || tail.contains("https:/") || tail.contains("http%3A") || tail.contains("https%3A")
    }))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_link_within_a_link_is_seen() {
        check(module_path!(), mail().link("https://a.example/?u=https%3A%2F%2Fb.example", ""), Some(1.0));
        check(module_path!(), mail().link("https://a.example/?u=b", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
