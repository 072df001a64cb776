//! Whether the author speaks of invoices, orders and payments: by it a domain is known for a supplier.

use super::shown::{Keeper, Shown, Trait};

pub(super) const TRAIT: Trait =
    Trait::new(21, "talk of money", &[Keeper::Domain, Keeper::Sender, Keeper::Thread], 2, shows).asking(|_| vec![VALUE.to_owned()]);

const VALUE: &str = "money";

/// Words of trade, in the languages whose trade words are told from daily ones.
const WORDS: &[&str] = &[
    "invoice", "invoices", "remittance", "purchase", "quotation", "payment", "payable", "iban", "overdue", "receipt",
    "statement", "rechnung", "rechnungen", "bestellung", "angebot", "zahlung", "mahnung", "lieferschein", "facture",
    "commande", "paiement", "devis", "factura", "pedido", "pago", "fattura", "ordine", "pagamento", "factuur",
];

/// Distinct words that make a talk of it: one alone stands in any letter.
const WORDS_MIN: usize = 2;
/// Bytes of text that are looked through.
const BYTES_MAX: usize = 4_096;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let text = shown.own_text();
    let text = format!("{} {}", shown.message.subject, &text[..text.floor_char_boundary(BYTES_MAX)]).to_lowercase();
    let mut found: Vec<&str> = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if WORDS.contains(&word) && !found.contains(&word) {
            found.push(word);
        }
    }
    if found.len() >= WORDS_MIN { vec![VALUE.to_owned()] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn an_invoice_is_talk_of_money() {
        check(module_path!(), "Subject: Invoice 4711\n\nPlease find our invoice; payment is due.", &["money"]);
    }

    #[test]
    fn one_word_is_none() {
        check(module_path!(), "Subject: Minutes\n\nThe statement was read.", &[]);
    }
}
