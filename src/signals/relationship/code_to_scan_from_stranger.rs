//! A stranger has a code scanned.

use crate::evidence::Evidence;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger has a code scanned",
    "For codes in pictures at first contact. Phrases where the author is new, else 0; unknown without author or \
     baseline.",
    measure,
)
.against(&[Attack::QrPhishing])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    Some(if new { count_all(evidence, &["asks_to_scan_code"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_code_counts() {
        check(module_path!(), mail().text("Scan the QR code").stranger(), Some(2.0));
        check(module_path!(), mail().text("Scan the QR code"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
