//! The author is a machine's mailbox: no-reply, notifications.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "it comes from a machine's mailbox",
    "Nobody reads answers there: notices, and phishing that poses as notices. 1 or 0; unknown without an \
     author.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let local: String = evidence.author()?.local().to_lowercase().replace(['-', '_', '.'], "");
    let names =
        ["noreply", "donotreply", "notification", "notify", "alert", "mailer", "daemon", "bounce", "automat", "robot"];
    fact(names.iter().any(|name| local.contains(name)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn notices_come_from_machines() {
        check(module_path!(), mail().from("", "No-Reply@partner.example"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
