//! Telephone numbers stand in the text.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "telephone numbers are named",
    "For call-back attacks, and for ordinary signatures. Number as ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.telephones() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn numbers_are_counted() {
        check(module_path!(), mail().text("+1 (808) 555-0142"), Some(0.693));
        check(module_path!(), mail(), Some(0.0));
    }
}
