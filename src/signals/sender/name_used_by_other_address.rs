//! This name came from another address until now.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "this name came from another address until now",
    "For imitation of a known correspondent. 1 where the name was seen and never with the author's address, else \
     0; unknown without name, author or baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let author = evidence.author()?.key();
    let name = evidence.baseline.name.as_ref()?;
    fact(!name.addresses.is_empty() && !name.addresses.iter().any(|(address, _)| *address == author))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_known_name_at_a_new_address_is_seen() {
        check(module_path!(), mail().from("Anna Partner", "anna.partner@gmail.com"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
