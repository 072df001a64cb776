//! It offers a loan.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "open to further discussions",
    "funding and capital",
    "capital financing",
    "possible funding",
    "business funding",
    "debt financing",
    "equity financing",
    "new business opportunities and projects",
    "loan offer",
    "loan offers",
    "offer loan*",
    "offer of loan",
    "offering loan*",
    "loan",
    "loans",
    "personal loan*",
    "business loan*",
    "project loan*",
    "need a loan",
    "apply for a loan",
    "apply for loan",
    "loan application",
    "loan amount",
    "amount needed",
    "loan duration",
    "loan company",
    "loan lender",
    "loan firm",
    "lender",
    "lenders",
    "private lender",
    "money lender",
    "lending company",
    "give out loan*",
    "unsecured loan*",
    "student loan*",
    "payday loan*",
    "cash loan*",
    "quick loan*",
    "interest rate of",
    "low interest rate",
    "interest rate",
    "3% interest",
    "2% interest",
    "annual interest",
    "financial assistance",
    "financial help",
    "funding",
    "project funding",
    "investment funding",
    "financing",
    "bad credit",
    "no collateral",
    "without collateral",
    "collateral",
    "repayment",
    "monthly income",
    "debt consolidation loan",
    "kredit",
    "kredite",
    "darlehen",
    "kreditangebot",
    "zinssatz",
    "prêt",
    "prêts",
    "offre de prêt",
    "prêt entre particulier*",
    "taux d'intérêt",
    "préstamo",
    "préstamos",
    "tasa de interés",
    "oferta de préstamo",
    "prestito",
    "finanziamento",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it offers a loan",
    "For loan scams with a fee in advance. Number of distinct phrases.",
    PHRASES,
)
.of(Category::AdvanceFee);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_loan_and_its_rate_are_seen() {
        check(
            module_path!(),
            mail().text("Do you need a loan? We give out loans at 3% interest without collateral."),
            Some(7.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
