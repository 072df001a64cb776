//! It speaks of a refund, fine or relief from an authority.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "tax refund",
    "tax return",
    "tax rebate",
    "tax payment",
    "tax office",
    "tax form",
    "tax notice",
    "internal revenue",
    "irs",
    "hmrc",
    "revenue service",
    "overpaid tax*",
    "unpaid tax*",
    "eligible to receive a refund",
    "refund of",
    "stimulus",
    "relief fund",
    "covid*",
    "government grant",
    "grants",
    "unpaid toll",
    "toll fee",
    "parking fine",
    "traffic fine",
    "traffic violation",
    "traffic ticket",
    "penalty",
    "fine of",
    "court",
    "court notice",
    "summons",
    "notice to appear",
    "hearing",
    "jury",
    "police report",
    "law enforcement",
    "copyright infringement",
    "copyright violation",
    "complaint",
    "complaint has been",
    "w-2",
    "w2",
    "w-9",
    "1099",
    "all employees",
    "employees w",
    "steuererstattung",
    "steuerrückerstattung",
    "finanzamt",
    "elster",
    "bußgeld",
    "mahnbescheid",
    "inkasso",
    "remboursement d'impôt*",
    "impôts",
    "amende",
    "antai",
    "agencia tributaria",
    "devolución de impuestos",
    "hacienda",
    "multa",
    "agenzia delle entrate",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of a refund, fine or relief from an authority",
    "For phishing in the name of tax offices, police and courts. Number of distinct phrases.",
    PHRASES,
)
.of(Category::CredentialPhishing)
.prior(0.75);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_refund_of_tax_is_seen() {
        check(module_path!(), mail().text("You are due a tax refund by HMRC"), Some(2.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
