//! A stranger speaks of the reader's account or mailbox.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::phrases::count_all;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger speaks of the reader's account or mailbox",
    "For credential phishing. Phrases of passwords, closed accounts and full mailboxes where the author is new, \
     else 0; unknown without author or baseline.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let warned = ["asks_for_password", "warns_of_account_loss", "warns_of_mailbox"];
    Some(if new { count_all(evidence, &warned) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_warning_counts() {
        check(module_path!(), mail().text("verify your account").stranger(), Some(2.0));
        check(module_path!(), mail().text("verify your account"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
