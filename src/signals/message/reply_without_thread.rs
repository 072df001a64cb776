//! The subject says it is a reply, but no earlier message is named.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};
use crate::signals::replies::is_reply;

pub(super) const SIGNAL: Signal = Signal::rises(
    "the subject says it is a reply, but no earlier message is named",
    "For faked conversations: Re: without In-Reply-To and References. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let says_reply = is_reply(&evidence.message.subject);
    fact(says_reply && evidence.message.in_reply_to.is_empty() && evidence.message.references.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_reply_names_what_it_answers() {
        check(module_path!(), mail().subject("RE: your order"), Some(1.0));
        check(
            module_path!(),
            mail().subject("Re: your order").with(|m| m.message.references.push("1@harbour.example".to_owned())),
            Some(0.0),
        );
        check(module_path!(), mail().subject("Receipt"), Some(0.0));
    }
}
