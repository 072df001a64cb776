//! A stranger sends a picture beside few words.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::pictures::{pictures, FEW_WORDS};
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger sends a picture beside few words",
    "For text and codes that no filter reads. 1 where the author is new and a picture came with less than 400 \
     characters of text, else 0; unknown without author or baseline.",
    measure,
)
.against(&[Attack::QrPhishing, Attack::Callback]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    fact(new && pictures(evidence).next().is_some() && evidence.lettering().shown < FEW_WORDS)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_picture_counts() {
        check(module_path!(), mail().attachment("code.png", None).stranger(), Some(1.0));
        check(module_path!(), mail().attachment("code.png", None), Some(0.0));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
