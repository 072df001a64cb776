//! Sums of money are named.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "sums of money are named",
    "For advance fee, invoices, prizes and offers. Number of sums as ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.amounts().count as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn sums_are_counted() {
        check(module_path!(), mail().text("pay $5 and 10 euro"), Some(1.0986));
        check(module_path!(), mail(), Some(0.0));
    }
}
