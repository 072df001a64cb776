//! It gives a telephone number that its author never gave.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it gives a telephone number that its author never gave",
    "For call-back attacks, and imitated signatures. 1 or 0; unknown without a number, where numbers are seldom \
     given, without baseline.",
    measure,
)
.of(Category::Callback);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.baseline.sender.as_ref()?.usual("telephone")?.is_new()?;
    evidence.baseline.is_known().then(|| f32::from(u8::from(new)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn another_number_is_seen() {
        check(module_path!(), mail().habit("telephone", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
        check(module_path!(), mail().unknown(), None);
    }
}
