//! It is bulk mail from a source that nobody here knows.

use crate::baseline::is_new;
use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::bulk::is_bulk;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::falls(
    "it is bulk mail from a source that nobody here knows",
    "Bulk mail of a known house is wanted, or at least no attack. 1 where its domain is known, else 0; unknown for \
     mail that is not bulk, or without author or baseline.",
    measure,
)
.against(&[Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !is_bulk(evidence) || !evidence.baseline.is_known() {
        return None;
    }
    evidence.author()?;
    fact(!is_new(evidence.baseline.sender_domain.as_ref()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_known_source_is_seen() {
        check(module_path!(), mail().header("Precedence", "bulk"), Some(1.0));
        check(module_path!(), mail().header("Precedence", "bulk").stranger(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
