//! Of how short the conversation has been known.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};
use crate::signals::threads;

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how short the conversation has been known",
    "A conversation of weeks is a real one. Days since its first message, as ln(1 + n); unknown without a known \
     thread.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.days_since(threads::thread(evidence)?.first_seen))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn days_are_a_logarithm() {
        check(module_path!(), mail().in_thread(), Some(4.615));
        check(module_path!(), mail(), None);
    }
}
