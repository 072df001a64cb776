//! Its header is made as none of its author's before.

use crate::evidence::Evidence;
use crate::signals::habit::news;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its header is made as none of its author's before",
    "A forged message repeats the name, not the program behind it. 1 or 0; unknown where the author has no such habit \
     yet, or the message shows none.",
    measure,
)
.against(&[Attack::ExecutiveImpersonation, Attack::LateralPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    news(evidence.baseline.sender.as_ref(), "header_style")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_was_never_shown_is_seen() {
        check(module_path!(), mail().habit("header_style", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}
