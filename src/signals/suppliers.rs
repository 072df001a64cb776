//! Talk of money, and whether it is a supplier's.

use super::phrases::count_all;
use crate::baseline::Profile;
use crate::evidence::Evidence;

/// Words of trade.
const TRADE: &[&str] = &["speaks_of_invoice", "asks_for_payment", "asks_to_change_bank_details"];

/// Whether the author's domain is a supplier; `None` where that cannot be known.
pub(super) fn is_supplier(evidence: &Evidence<'_>) -> Option<bool> {
    evidence.author_domain()?;
    let known = evidence.baseline.is_known();
    known.then(|| evidence.baseline.sender_domain.as_ref().is_some_and(Profile::is_supplier))
}

/// Whether the message speaks of invoices or payments, or names an account.
pub(super) fn trades(evidence: &Evidence<'_>) -> bool {
    count_all(evidence, TRADE) > 0.0 || evidence.message.accounts().iter().any(|account| !account.quoted)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::baseline::Trade;
    use crate::evidence::fixture::{Fixture, NOW, mail};

    /// An ordinary message of a supplier.
    pub fn supplier() -> Fixture {
        let trade = Some(Trade { since: NOW, letters: 9, supplier: true });
        mail().with(|m| m.baseline.sender_domain.as_mut().expect("known").trade = trade)
    }

    #[test]
    fn a_supplier_is_a_known_domain() {
        assert_eq!(is_supplier(&supplier().evidence()), Some(true));
        assert_eq!(is_supplier(&mail().evidence()), Some(false));
        assert_eq!(is_supplier(&supplier().unknown().evidence()), None);
    }

    #[test]
    fn trade_is_told_by_words_or_an_account() {
        assert!(trades(&mail().text("Attached is the invoice").evidence()));
        assert!(trades(&mail().text("IBAN DE89 3704 0044 0532 0130 00").evidence()));
        assert!(!trades(&mail().evidence()));
    }
}
