//! The countries of the banks that the author names.

use super::shown::{Keeper, Shown, Trait, distinct};

pub(super) const TRAIT: Trait =
    Trait::new(41, "country of the bank", &[Keeper::Sender, Keeper::Domain], 8, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    distinct(shown.message.accounts().iter().filter(|account| !account.quoted).filter_map(|a| a.country.clone()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn account_and_bank_show_their_country() {
        check(module_path!(), "Subject: x\n\nIBAN DE89370400440532013000, BIC: CHASUS33\n", &["DE", "US"]);
        check(module_path!(), "Subject: x\n\n1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n", &[]);
    }
}
