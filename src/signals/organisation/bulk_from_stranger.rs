//! It is bulk mail from a stranger.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::bulk::is_bulk;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it is bulk mail from a stranger",
    "For bulk mail that nobody asked for. 1 where its header says bulk and the author is new, else 0; unknown without \
     author or baseline.",
    measure,
)
.against(&[Attack::Bulk, Attack::MailBomb]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    fact(new && is_bulk(evidence))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_bulk_counts() {
        check(module_path!(), mail().header("Precedence", "bulk").stranger(), Some(1.0));
        check(module_path!(), mail().header("Precedence", "bulk"), Some(0.0));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
