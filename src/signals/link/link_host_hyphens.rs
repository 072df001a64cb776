//! A link leads to a name of many words.

use crate::evidence::Evidence;
use crate::evidence::LinkHost;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a name of many words",
    "secure-login-bank-update. Most hyphens and digits of a registrable domain; unknown without links.",
    measure,
)
.of(Category::CredentialPhishing);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let marks =
        |host: &LinkHost<'_>| host.registrable.as_str().bytes().filter(|b| *b == b'-' || b.is_ascii_digit()).count();
    count(evidence.link_hosts().iter().map(marks).max()?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn hyphens_and_digits_count() {
        check(module_path!(), mail().link("https://x.my-bank-24.example/", ""), Some(4.0));
        check(module_path!(), mail().link("https://a-b.c.example/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
