//! It asks to receive money or goods and to pass them on.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "receive payments",
    "receive payment",
    "receiving payments",
    "receive money",
    "receive funds",
    "receive the funds",
    "receive transfers",
    "accept payments",
    "collect payments",
    "collecting payments",
    "payments from our customers",
    "payments from customers",
    "payments from our clients",
    "payments from clients",
    "payment from our customers",
    "customers in your",
    "clients in your country",
    "clients in your area",
    "into your account",
    "to your account",
    "in your bank account",
    "your own account",
    "your personal account",
    "through your account",
    "deposit the check",
    "deposit the checks",
    "deposit checks",
    "cash the check",
    "cash the checks",
    "cashier's checks",
    "money orders",
    "forward the rest",
    "forward the remaining",
    "forward the balance",
    "forward the money",
    "forward the funds",
    "send the rest",
    "send the remaining",
    "send the balance",
    "transfer the rest",
    "transfer the remaining",
    "transfer the balance",
    "deduct your",
    "less your",
    "keep 5%",
    "keep 8%",
    "keep 10%",
    "keep 15%",
    "keep your",
    "minus your",
    "your commission",
    "commission of",
    "percent of each",
    "% of each",
    "% of every",
    "of each payment",
    "of each transfer",
    "per transfer",
    "per transaction",
    "per package",
    "per parcel",
    "reship",
    "reshipping",
    "re-ship",
    "forward packages",
    "forward parcels",
    "receive packages",
    "receive parcels",
    "packages at your home",
    "parcels at your home",
    "repack",
    "payment processor",
    "payment agent",
    "payment officer",
    "payment representative",
    "payment clerk",
    "accounts receivable",
    "collection agent",
    "financial manager",
    "transfer manager",
    "money transfer agent",
    "zahlungen entgegennehmen",
    "geld weiterleiten",
    "auf ihr konto",
    "pakete weiterleiten",
    "pakete annehmen",
    "finanzagent",
    "provision",
    "recevoir des paiements",
    "sur votre compte",
    "transférer le reste",
    "commission sur",
    "recibir pagos",
    "en su cuenta",
    "transferir el resto",
    "comisión",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it asks to receive money or goods and to pass them on",
    "For job scams, whose work is to move what was stolen. Number of distinct phrases.",
    PHRASES,
)
.of(Category::JobScam)
.prior(1.75);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn passing_on_money_is_seen() {
        check(
            module_path!(),
            mail().text("Receive payments into your account, keep 10% and forward the rest."),
            Some(4.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
