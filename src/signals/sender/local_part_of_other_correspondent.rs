//! A new address has the local part of a known correspondent's.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a new address has the local part of a known correspondent's",
    "For imitation of a person by a mailbox elsewhere: `anna.muster@` of another provider. 1 or 0; unknown for \
     a local part too short to tell a person, without author or baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(0.5);

/// Trusted messages, decayed, from which an address is a correspondent's.
const WEIGHT_MIN: f32 = 3.0;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let author = evidence.author()?.key();
    let bearers = evidence.baseline.local_part.as_ref()?;
    fact(new && bearers.addresses.iter().any(|(address, weight)| *address != author && *weight >= WEIGHT_MIN))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_known_local_part_elsewhere_is_seen() {
        let elsewhere = |weight| {
            mail().stranger().from("", "anna@gmail.com").with(|m| {
                let bearers = m.baseline.local_part.get_or_insert_default();
                bearers.addresses = vec![("anna@partner.example".to_owned(), weight)];
            })
        };
        check(module_path!(), elsewhere(3.0), Some(1.0));
        check(module_path!(), elsewhere(2.9), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().with(|m| m.baseline.local_part = None), None);
        check(module_path!(), mail().unknown(), None);
    }
}
