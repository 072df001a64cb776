//! Participants of the conversation are left out.

use crate::evidence::Evidence;
use crate::mail::Address;
use crate::signals::threads::grown;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "participants of the conversation are left out",
    "A thief takes the others out of the conversation. Share of the participants so far who are not addressed now, 0 \
     to 1; unknown without a thread of two messages.",
    measure,
)
.against(&[Attack::ThreadHijack]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let before = grown(evidence)?.usual("participant")?.values;
    let named = evidence.message.to.iter().chain(&evidence.message.cc).filter_map(|mailbox| mailbox.address.as_ref());
    let mut now: Vec<String> = named.chain(evidence.recipients()).chain(evidence.author()).map(Address::key).collect();
    now.sort_unstable();
    now.dedup();
    let dropped = usize::from(before).saturating_sub(now.len());
    (before > 0).then(|| dropped as f32 / f32::from(before))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn who_is_left_out_is_a_share() {
        check(module_path!(), mail().in_thread().with(|m| m.baseline.thread.as_mut().expect("in a thread").habits.iter_mut().for_each(|(_, usual)| usual.values = 8)), Some(0.75));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
