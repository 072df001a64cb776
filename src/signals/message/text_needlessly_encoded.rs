//! Plain ASCII text was hidden in base64.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "plain ASCII text was hidden in base64",
    "No mail program encodes what needs no encoding; it hides words from simple filters. 1 or 0; unknown with \
     several parts.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if evidence.message.parts.len() > 1 {
        return None;
    }
    let encoding = evidence.message.header("Content-Transfer-Encoding").unwrap_or_default();
    fact(
        encoding.trim().eq_ignore_ascii_case("base64") && evidence.lettering().shown > 0 && evidence.shown().is_ascii(),
    )
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn base64_is_for_what_is_not_ascii() {
        check(module_path!(), mail().header("Content-Transfer-Encoding", "Base64"), Some(1.0));
        check(module_path!(), mail().header("Content-Transfer-Encoding", "base64").text("\u{4f60}\u{597d}"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
