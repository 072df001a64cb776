//! A stranger answers within a conversation of ours.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};
use crate::signals::threads;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger answers within a conversation of ours",
    "For look-alikes put into a known circle. 1 where the author is new and one of our own wrote in the thread, else \
     0; unknown without a known thread, author or baseline.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::InvoiceFraud, Attack::ExecutiveImpersonation]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let thread = threads::thread(evidence)?;
    fact(new && thread.written_to > 0)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_stranger_in_our_thread_is_seen() {
        check(module_path!(), mail().in_thread().stranger(), Some(1.0));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
