//! The thread that a message answers.

use super::registry::fact;
use crate::baseline::Profile;
use crate::evidence::Evidence;

/// Messages of a thread from which it can be told what is not done in it.
const MESSAGES_MIN: u32 = 2;

/// Whether it says that it answers another message.
pub(super) fn answers(evidence: &Evidence<'_>) -> bool {
    !evidence.message.in_reply_to.is_empty() || !evidence.message.references.is_empty()
}

/// The thread that it answers; `None` where it answers nothing, or the thread never passed here.
pub(super) fn thread<'a>(evidence: &Evidence<'a>) -> Option<&'a Profile> {
    evidence.baseline.thread.as_ref().filter(|thread| thread.seen > 0)
}

/// The same, where enough of it passed here to tell what is new in it.
pub(super) fn grown<'a>(evidence: &Evidence<'a>) -> Option<&'a Profile> {
    thread(evidence).filter(|thread| thread.seen >= MESSAGES_MIN)
}

/// 1 where what the message shows of a trait never stood in its thread, 0 where it did; `None` without a thread.
pub(super) fn news(evidence: &Evidence<'_>, name: &str) -> Option<f32> {
    fact(thread(evidence)?.usual(name)?.is_absent()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::mail;

    #[test]
    fn one_message_makes_a_thread_and_two_its_ways() {
        let seen = |n| mail().in_thread().with(|m| m.baseline.thread.as_mut().expect("in a thread").seen = n);
        let known = |n: u32| (thread(&seen(n).evidence()).is_some(), grown(&seen(n).evidence()).is_some());
        assert_eq!([known(0), known(1), known(2)], [(false, false), (true, false), (true, true)]);
        assert!(answers(&seen(1).evidence()) && !answers(&mail().evidence()));
    }

    #[test]
    fn what_never_stood_in_a_thread_is_new() {
        assert_eq!(news(&mail().in_thread().habit("participant", 0.0).evidence(), "participant"), Some(1.0));
        assert_eq!(news(&mail().in_thread().evidence(), "participant"), Some(0.0));
        assert_eq!(news(&mail().evidence(), "participant"), None);
    }
}
