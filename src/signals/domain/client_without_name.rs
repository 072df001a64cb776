//! Its client has no name that resolves back to it.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its client has no name that resolves back to it",
    "Mail servers have one. 1 or 0; unknown without a client's address.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.envelope.client?;
    fact(evidence.envelope.client_name.as_deref().is_none_or(|name| name.is_empty() || name == "unknown"))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_nameless_client_is_seen() {
        check(module_path!(), mail().with(|m| m.envelope.client_name = None), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.envelope.client = None), None);
    }
}
