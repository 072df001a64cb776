//! A link holds its page within itself.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::message::LinkPlace;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link holds its page within itself",
    "data: and javascript: targets open what no filter has seen. 1 or 0.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let anchors = evidence.message.links.iter().filter(|link| link.place != LinkPlace::Image);
    fact(
        anchors
            .into_iter()
            .any(|link| matches!(link.scheme.as_str(), "data" | "javascript" | "vbscript" | "file" | "blob")),
    )
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_target_that_is_a_page_is_seen() {
        check(module_path!(), mail().link("data:text/html,hi", ""), Some(1.0));
        check(module_path!(), mail().link("https://a.example/", ""), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
