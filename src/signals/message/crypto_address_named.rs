//! It names the address of a purse of cryptocurrency.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it names the address of a purse of cryptocurrency",
    "For extortion and investment fraud: what is sent there never comes back. 1 or 0.",
    measure,
)
.of(Category::Extortion)
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.accounts().iter().any(|account| account.kind.is_crypto()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_purse_is_seen() {
        check(module_path!(), mail().text("pay to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), Some(1.0));
        check(module_path!(), mail().text("IBAN DE89 3704 0044 0532 0130 00"), Some(0.0));
    }
}
