//! A stranger writes to several of us at once.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger writes to several of us at once",
    "For first contacts that try which mailboxes are there. Recipients where the author is new, as ln(1 + n), else 0; \
     unknown without author or baseline.",
    measure,
)
.against(&[Attack::Reconnaissance, Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    log(if new { evidence.recipients().count() as f32 } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_recipients_count() {
        check(module_path!(), mail().recipient("carol@harbour.example").stranger(), Some(1.099));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
