//! It quotes a conversation that never passed here.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};
use crate::signals::threads;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it quotes a conversation that never passed here",
    "Conversations are made up, or stolen elsewhere, as quoted text. 1 where it quotes an earlier message and names \
     none that passed here, else 0; unknown without baseline.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::ExecutiveImpersonation]);

/// Lines in which a quotation begins; below them stands what was quoted.
const LINES_MAX: usize = 400;

/// Whether a line introduces an earlier message, as mail programs write it.
fn quotes(text: &str) -> bool {
    text.lines().take(LINES_MAX).map(str::trim).any(|line| {
        let introduces = line.ends_with(':') && line.len() < 200 && (line.contains(" wrote") || line.contains(" schrieb"));
        introduces || line.starts_with("-----Original") || line.starts_with("-----Urspr") || line.starts_with("> ")
    })
}

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    fact(threads::thread(evidence).is_none() && quotes(evidence.shown()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_quoted_stranger_is_seen() {
        check(module_path!(), mail().text("See below.\n\n-----Original Message-----\nFrom: Vera\nSent: Monday"), Some(1.0));
        check(module_path!(), mail().text("See below.\n\nOn Monday, Vera wrote:\n> yes"), Some(1.0));
        check(module_path!(), mail().in_thread().text("See below.\n\nOn Monday, Vera wrote:\n> yes"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
