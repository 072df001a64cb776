//! The author is a mailbox of a function: info, sales, support.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "it comes from a mailbox of a function",
    "Bulk mail and phishing write in the name of functions, people in their own. 1 or 0; unknown without an \
     author.",
    measure,
);

/// Sorted.
const ROLES: &[&str] = &[
    "account",
    "accounting",
    "accounts",
    "admin",
    "administrator",
    "billing",
    "bounce",
    "contact",
    "customer",
    "customerservice",
    "deals",
    "email",
    "hello",
    "help",
    "helpdesk",
    "hr",
    "info",
    "information",
    "invoice",
    "it",
    "jobs",
    "mail",
    "marketing",
    "news",
    "newsletter",
    "offers",
    "office",
    "order",
    "orders",
    "payroll",
    "postmaster",
    "promo",
    "promotions",
    "purchase",
    "purchasing",
    "root",
    "sales",
    "secretary",
    "security",
    "service",
    "services",
    "support",
    "system",
    "team",
    "update",
    "updates",
    "webmaster",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let local = evidence.author()?.local().to_lowercase();
    let first = local.split(['.', '-', '_', '+']).next().unwrap_or_default();
    fact(ROLES.binary_search(&first).is_ok())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn functions_are_known() {
        check(module_path!(), mail().from("", "sales.emea@partner.example"), Some(1.0));
        check(module_path!(), mail().from("", "webmaster@partner.example"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(super::ROLES.is_sorted());
    }
}
