//! It asks for a call to a number that its author never gave.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::Signal;
use crate::signals::phrases;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it asks for a call to a number that its author never gave",
    "For call-back attacks from a mailbox taken over. 1 or 0; unknown without a number, for an author who \
     seldom gives one, without baseline.",
    measure,
)
.of(Category::Callback)
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.baseline.sender.as_ref()?.usual("telephone")?.is_new()?;
    let asks = phrases::count(evidence, "asks_to_call") > 0.0;
    evidence.baseline.is_known().then(|| f32::from(u8::from(new && asks)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_call_elsewhere_is_seen() {
        let called = || mail().text("If you did not authorize this, call us at once");
        check(module_path!(), called().habit("telephone", 0.0), Some(1.0));
        check(module_path!(), called(), Some(0.0));
        check(module_path!(), mail().habit("telephone", 0.0), Some(0.0));
        check(module_path!(), called().unknown(), None);
    }
}
