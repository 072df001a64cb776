//! The bank that it names lies in another country than its author's domain.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "the bank that it names lies in another country than its author's domain",
    "For invoices to be paid elsewhere. 1 or 0; unknown without a bank, or for a domain of no country.",
    measure,
)
.of(Category::InvoiceFraud);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let suffix = evidence.author_domain()?.top_level();
    let home = if suffix == "uk" { "gb" } else { suffix };
    if home.len() != 2 || BORROWED.contains(&home) {
        return None;
    }
    let mut countries = evidence.message.accounts().iter().filter_map(|account| account.country.as_ref()).peekable();
    countries.peek()?;
    fact(countries.all(|country| !country.eq_ignore_ascii_case(home)))
}

/// Suffixes that anyone takes: they tell no country. That of the union has many.
const BORROWED: &[&str] = &["ai", "cc", "co", "eu", "fm", "gg", "io", "ly", "me", "sh", "so", "to", "tv", "ws"];

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_bank_abroad_is_seen() {
        let iban = "IBAN DE89 3704 0044 0532 0130 00";
        check(module_path!(), mail().from("A", "a@b.pl").text(iban), Some(1.0));
        check(module_path!(), mail().from("A", "a@b.de").text(iban), Some(0.0));
        check(module_path!(), mail().from("A", "a@b.co.uk").text("IBAN GB29 NWBK 6016 1331 9268 19"), Some(0.0));
        check(module_path!(), mail().from("A", "a@b.com").text(iban), None);
        check(module_path!(), mail().from("A", "a@b.io").text(iban), None);
        check(module_path!(), mail().from("A", "a@b.de"), None);
    }
}
