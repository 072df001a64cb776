//! Its client gave a name without a domain.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its client gave a name without a domain",
    "Infected machines give the name of a desktop. 1 or 0; unknown without HELO.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let helo = evidence.envelope.helo.as_deref()?;
    fact(!helo.contains(['.', ':']))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_name_without_a_dot_is_seen() {
        check(module_path!(), mail().with(|m| m.envelope.helo = Some("DESKTOP-7".to_owned())), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.envelope.helo = None), None);
    }
}
