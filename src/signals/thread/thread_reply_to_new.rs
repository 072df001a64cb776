//! Replies would leave the conversation.

use crate::evidence::Evidence;
use crate::mail::Address;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};
use crate::signals::threads;

pub(super) const SIGNAL: Signal = Signal::rises(
    "replies would leave the conversation",
    "For answers led away from the participants. 1 where Reply-To names an address that is neither the author's, nor \
     addressed, nor one the author used for replies, else 0; unknown without a known thread.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::InvoiceFraud])
.prior(0.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    threads::thread(evidence)?;
    let message = evidence.message;
    let named = |address: &Address| {
        let others = message.to.iter().chain(&message.cc).filter_map(|mailbox| mailbox.address.as_ref());
        others.chain(evidence.author()).any(|other| other.is_same_mailbox(address))
    };
    let away = message.reply_to.iter().filter_map(|mailbox| mailbox.address.as_ref()).any(|address| !named(address));
    let usual = evidence.baseline.sender.as_ref().and_then(|sender| sender.usual("reply_address")?.is_absent());
    fact(away && usual != Some(false))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_reply_address_from_elsewhere_is_seen() {
        check(module_path!(), mail().in_thread().reply_to("x@other.example").habit("reply_address", 0.0), Some(1.0));
        check(module_path!(), mail().in_thread().reply_to("x@other.example"), Some(0.0));
        check(module_path!(), mail().in_thread().reply_to("bob@harbour.example").habit("reply_address", 0.0), Some(0.0));
        check(module_path!(), mail().reply_to("x@other.example"), None);
    }
}
