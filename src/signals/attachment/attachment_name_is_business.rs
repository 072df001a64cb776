//! A file is named like a business paper.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a file is named like a business paper",
    "For malware and phishing: invoice, payment, order, scan. 1 or 0; unknown without files.",
    measure,
)
.of(Category::InvoiceFraud);

const WORDS: &[&str] = &[
    "invoice",
    "inv_",
    "inv-",
    "payment",
    "remittance",
    "swift",
    "purchase",
    "order",
    "quotation",
    "quote",
    "rfq",
    "receipt",
    "statement",
    "bank",
    "transfer",
    "wire",
    "scan",
    "fax",
    "voice",
    "document",
    "contract",
    "shipment",
    "shipping",
    "bill",
    "dhl",
    "fedex",
    "ups_",
    "salary",
    "payroll",
    "bonus",
    "tax",
    "refund",
    "claim",
    "fund",
    "rechnung",
    "mahnung",
    "facture",
    "factura",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| {
        let name = file.name.to_lowercase();
        WORDS.iter().any(|word| name.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn business_words_are_seen() {
        check(module_path!(), mail().attachment("Rechnung_2026.zip", None), Some(1.0));
        check(module_path!(), mail().attachment("minutes.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
