//! The author calls itself a function instead of a name.

use crate::evidence::Evidence;
use crate::evidence::normalise;
use crate::mail::Category;
use crate::signals::phrases::stands_in;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author calls itself a function instead of a name",
    "Phishing comes from help desks, personnel departments and administrators. 1 or 0.",
    measure,
)
.of(Category::CredentialPhishing);

/// Sorted.
const FUNCTIONS: &[&str] = &[
    "accounts",
    "admin",
    "administration",
    "administrator",
    "alert",
    "billing",
    "buchhaltung",
    "document",
    "documents",
    "e-mail",
    "email",
    "fax",
    "helpdesk",
    "hr",
    "it",
    "kundendienst",
    "kundenservice",
    "mailbox",
    "no-reply",
    "notification",
    "notifications",
    "payroll",
    "personalabteilung",
    "postmaster",
    "quarantine",
    "scanner",
    "security",
    "soporte",
    "support",
    "system",
    "verification",
    "voicemail",
    "webmail",
    "webmaster",
];
const PAIRS: &[&str] = &[
    "help desk",
    "service desk",
    "human resources",
    "mail server",
    "voice mail",
    "account team",
    "customer service",
    "customer care",
    "online banking",
    "service client",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let name = normalise(evidence.message.author_name());
    let mut words = name.split(|c: char| !c.is_alphanumeric() && c != '-');
    fact(words.any(|word| FUNCTIONS.binary_search(&word).is_ok()) || PAIRS.iter().any(|pair| stands_in(&name, pair)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn functions_are_seen() {
        check(module_path!(), mail().from("Help Desk", "a@other.example"), Some(1.0));
        check(module_path!(), mail().from("HR", "a@other.example"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(super::FUNCTIONS.is_sorted());
    }
}
