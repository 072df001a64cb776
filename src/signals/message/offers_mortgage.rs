//! It offers a mortgage or relief of debt.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "mortgage",
    "mortgages",
    "mortgage rate*",
    "mortgage quote*",
    "mortgage lender*",
    "refinance",
    "refinancing",
    "home equity",
    "home loan*",
    "home owner*",
    "homeowner*",
    "lowest rate*",
    "low rate*",
    "best rate*",
    "rates are",
    "interest rates",
    "lock in",
    "30 year fixed",
    "second mortgage",
    "equity line",
    "consolidate your debt*",
    "consolidate debt*",
    "debt consolidation",
    "debt free",
    "debt-free",
    "out of debt",
    "get out of debt",
    "eliminate debt",
    "eliminate your debt",
    "credit card debt*",
    "credit cards",
    "bad credit",
    "credit repair",
    "clean credit",
    "credit report",
    "credit history",
    "your credit",
    "erase your debt",
    "tax debt",
    "back taxes",
    "life insurance",
    "term life",
    "insurance quote*",
    "health insurance",
    "auto insurance",
    "insurance rates",
    "insurance premium*",
    "free quote*",
    "free insurance",
    "no credit check",
    "pre-approved",
    "preapproved",
    "pre-qualif*",
    "you qualify",
    "qualify for",
    "save thousands",
    "save up to",
    "extended warranty",
    "car warranty",
    "auto warranty",
    "leasing",
    "timeshare",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it offers a mortgage or relief of debt",
    "For the commerce of old spam. Number of distinct phrases.",
    PHRASES,
)
.of(Category::Spam);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn rates_are_seen() {
        check(
            module_path!(),
            mail().text("Refinance your home loan at the lowest rates, bad credit no problem."),
            Some(4.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
