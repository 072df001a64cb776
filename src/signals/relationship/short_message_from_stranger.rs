//! A stranger writes only a few words.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger writes only a few words",
    "For probing first messages. 1 where the author is new and the text has less than 300 characters, else 0; \
     unknown without author or baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(0.25)
.against(&[Attack::Reconnaissance]);

/// Two sentences and a name.
const SHORT_CHARS: usize = 300;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    fact(new && evidence.lettering().shown < SHORT_CHARS)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_strangers_few_words_are_seen() {
        check(module_path!(), mail().text("Hi").stranger(), Some(1.0));
        check(module_path!(), mail().text(&"a".repeat(300)).stranger(), Some(0.0));
        check(module_path!(), mail().text("Hi"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
