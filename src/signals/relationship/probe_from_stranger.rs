//! A stranger writes next to nothing.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger writes next to nothing",
    "For first contacts that only try whether a mailbox is read. 1 where the author is new, the text has less than 60 \
     characters, and neither link nor file is there, else 0; unknown without author or baseline.",
    measure,
)
.against(&[Attack::Reconnaissance, Attack::ExecutiveImpersonation])
.prior(0.5);

/// A greeting and one question.
const PROBE_CHARS: usize = 60;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let bare = evidence.message.links.is_empty() && evidence.message.attachments.is_empty();
    fact(new && bare && evidence.lettering().shown < PROBE_CHARS)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_bare_strangers_line_is_a_probe() {
        check(module_path!(), mail().text("Hi, are you there?").stranger(), Some(1.0));
        check(module_path!(), mail().text("Hi, are you there?").link("https://a.example/", "a").stranger(), Some(0.0));
        check(module_path!(), mail().text("Hi, are you there?"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
