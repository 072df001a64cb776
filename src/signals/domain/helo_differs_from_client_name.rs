//! Its client gave another name than it has.

use crate::evidence::Evidence;
use crate::mail::{Category, Domain};
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its client gave another name than it has",
    "For home-made senders. 1 where HELO and confirmed reverse name have different registrable domains, else 0; \
     unknown without either.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let helo = Domain::parse(evidence.envelope.helo.as_deref()?)?;
    let name = Domain::parse(evidence.envelope.client_name.as_deref()?)?;
    fact(!helo.is_aligned_with(&name))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn another_domain_is_seen() {
        check(module_path!(), mail().with(|m| m.envelope.helo = Some("mail.other.example".to_owned())), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.envelope.client_name = None), None);
    }
}
