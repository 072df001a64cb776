//! Mail that names this account was held or refused.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "mail that names this account was held or refused",
    "For accounts and purses of earlier attacks. Share of messages held, refused or labelled as attacks, 0 to \
     1, the highest of the accounts named; unknown without an account that was ever named, or without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(2.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let counts = evidence.baseline.accounts.iter().flatten().map(|profile| profile.counts);
    let seen = counts.filter(|counts| counts.messages > 0.0);
    seen.map(|counts| (counts.refused.max(counts.attacks) / counts.messages).min(1.0)).max_by(f32::total_cmp)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn the_worst_account_counts() {
        let named = |refused: f32| {
            mail().with(|m| {
                let mut bad = profile();
                bad.counts.refused = refused;
                m.baseline.accounts = vec![Some(profile()), None, Some(bad)];
            })
        };
        check(module_path!(), named(7.5), Some(0.5));
        check(module_path!(), named(0.0), Some(0.0));
        check(module_path!(), mail(), None);
        check(module_path!(), mail().unknown(), None);
    }
}
