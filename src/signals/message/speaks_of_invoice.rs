//! It speaks of an invoice or order.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "quotation request",
    "request a quote",
    "requesting a quote",
    "request for quote",
    "quote request",
    "send us your quotation",
    "send your quotation",
    "best price",
    "product inquiry",
    "sales enquiry",
    "sales inquiry",
    "inquiry",
    "enquiry",
    "place an order",
    "place order",
    "interested in your product*",
    "your products",
    "supply the",
    "wholesale",
    "bulk order",
    "large quantities",
    "minimum order",
    "payment terms",
    "signed proforma",
    "net 30",
    "moq",
    "invoice",
    "invoices",
    "attached invoice",
    "invoice attached",
    "copy of invoice",
    "copy of the invoice",
    "invoice number",
    "invoice no",
    "your invoice",
    "proforma",
    "proforma invoice",
    "pro forma",
    "purchase order",
    "new order",
    "new purchase order",
    "attached order",
    "order confirmation",
    "order list",
    "quotation",
    "request for quotation",
    "rfq",
    "price list",
    "bill of lading",
    "shipping documents",
    "statement of account",
    "account statement",
    "soa",
    "receipt attached",
    "payment receipt",
    "payment slip",
    "payment copy",
    "bank slip",
    "credit note",
    "debit note",
    "tax invoice",
    "billing statement",
    "e-invoice",
    "rechnung",
    "rechnungen",
    "anbei die rechnung",
    "rechnung im anhang",
    "bestellung",
    "auftragsbestätigung",
    "lieferschein",
    "angebot",
    "facture",
    "factures",
    "votre facture",
    "bon de commande",
    "devis",
    "factura",
    "facturas",
    "adjunto factura",
    "pedido",
    "presupuesto",
    "fattura",
    "fatture",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of an invoice or order",
    "For malware and phishing that pose as business papers. Number of distinct phrases.",
    PHRASES,
)
.of(Category::InvoiceFraud);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn business_papers_are_seen() {
        check(module_path!(), mail().text("Please find the attached invoice for your purchase order."), Some(3.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
