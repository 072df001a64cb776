//! It says it is a reply, and none of our people ever wrote to its author.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};
use crate::signals::replies::is_reply;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it says it is a reply, and none of our people ever wrote to its author",
    "For faked conversations. 1 or 0; unknown without author or baseline, and of who is known where our people's letters \
     do not pass.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(0.5)
.against(&[Attack::ThreadHijack]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    if !is_reply(&evidence.message.subject) {
        return fact(false);
    }
    let solicited = evidence.baseline.solicited(evidence.baseline.sender.as_ref())?;
    fact(new || !solicited)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_reply_to_no_letter_is_seen() {
        check(module_path!(), mail().subject("Re: invoice").stranger(), Some(1.0));
        check(module_path!(), mail().subject("Re: invoice"), Some(0.0));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
        check(module_path!(), mail().subject("Re: invoice").with(|m| (m.baseline.sees_own, m.baseline.sender.as_mut().unwrap().written_to) = (false, 0)), None);
    }
}
