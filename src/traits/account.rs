//! The accounts that the author names for money, as numbers; kept only as keyed hashes.

use super::shown::{Keeper, Shown, Trait, distinct};
use crate::message::AccountKind;

pub(super) const TRAIT: Trait =
    Trait::new(40, "account for money", &[Keeper::Sender, Keeper::Domain, Keeper::Pair], 12, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    // A quoted account is another's, and a bank's code names no account.
    let named = shown.message.accounts().iter().filter(|a| !a.quoted && a.kind != AccountKind::Bic);
    distinct(named.map(crate::message::Account::identity))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn accounts_show_in_one_spelling() {
        check(module_path!(), "Subject: x\n\nIBAN DE89 3704 0044 0532 0130 00, BIC: COBADEFF\n", &["iban DE89370400440532013000"]);
    }

    #[test]
    fn a_quoted_account_is_anothers() {
        check(module_path!(), "Subject: x\n\nyes\n\n> IBAN DE89370400440532013000\n", &[]);
    }
}
