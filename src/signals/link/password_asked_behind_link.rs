//! It asks for a login behind a link that leaves its author's domain.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::phrases::count_all;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it asks for a login behind a link that leaves its author's domain",
    "For credential phishing. Phrases of asks_for_password and warns_of_account_loss where a link leads to \
     another domain than the author's, else 0; unknown without an author.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_registrable()?;
    let leaves = evidence.link_hosts().iter().any(|host| host.registrable != *author)
        || evidence.web_links().any(|link| link.ip.is_some());
    Some(if leaves {
        count_all(evidence, &["asks_for_password", "warns_of_account_loss", "warns_of_mailbox"])
    } else {
        0.0
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_link_elsewhere_counts() {
        check(module_path!(), mail().text("verify your account").link("https://a.example/", ""), Some(2.0));
        check(module_path!(), mail().text("verify your account").link("https://partner.example/", ""), Some(0.0));
        check(module_path!(), mail().text("verify your account"), Some(0.0));
    }
}
