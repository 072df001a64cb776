//! The subject names a sum of money.

use crate::evidence::Evidence;
use crate::evidence::{amounts, normalise};
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal =
    Signal::rises("the subject names a sum of money", "For advance fee, invoices and offers. Number of sums.", measure);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    count(amounts(&normalise(&evidence.message.subject)).count)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_sum_is_seen() {
        check(module_path!(), mail().subject("Payment of $4,500 due"), Some(1.0));
        check(module_path!(), mail().subject("Room 4500"), Some(0.0));
    }
}
