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

const FUNCTIONS: &[&str] = &[
    "admin",
    "administrator",
    "administration",
    "support",
    "help desk",
    "helpdesk",
    "it desk",
    "it department",
    "it service",
    "it support",
    "service desk",
    "webmaster",
    "postmaster",
    "security",
    "account team",
    "accounts",
    "accounts payable",
    "billing",
    "payroll",
    "hr",
    "hr department",
    "human resources",
    "mail server",
    "mailbox",
    "webmail",
    "email",
    "e-mail",
    "voicemail",
    "voice mail",
    "fax",
    "scanner",
    "document",
    "documents",
    "notification",
    "notifications",
    "alert",
    "customer service",
    "customer care",
    "online banking",
    "verification",
    "system",
    "no-reply",
    "quarantine",
    "kundenservice",
    "kundendienst",
    "buchhaltung",
    "personalabteilung",
    "service client",
    "soporte",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let name = normalise(evidence.message.author_name());
    fact(FUNCTIONS.iter().any(|function| stands_in(&name, function)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn functions_are_seen() {
        check(module_path!(), mail().from("IT Help Desk", "a@other.example"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
