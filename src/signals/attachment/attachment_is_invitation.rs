//! An invitation came with it.

use crate::evidence::Evidence;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "an invitation came with it",
    "Calendar files place links and dates where nobody looks for attacks. 1 or 0; unknown without files.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| matches!(file.extension.as_str(), "ics" | "vcs") || file.declared_type == "text/calendar")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn invitations_are_seen() {
        check(module_path!(), mail().attachment("meeting.ics", None), Some(1.0));
        check(module_path!(), mail().attachment("a.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
