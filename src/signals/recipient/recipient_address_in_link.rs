//! A link holds the recipient's address.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link holds the recipient's address",
    "Phishing pages greet their victim by an address in the link; newsletters count readers so. 1 or 0; unknown \
     without recipients.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(0.75);

/// A longer list of links is no attack on one person.
const LINKS_MAX: usize = 100;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let first = evidence.recipients().next()?.key();
    let coded = first.replace('@', "%40");
    fact(evidence.web_links().take(LINKS_MAX).any(|link| {
        // Most targets hold neither form of the sign, which is cheaper to see.
        (link.target.contains('@') || link.target.contains("%40"))
            && [&first, &coded].iter().any(|form| link.target.to_lowercase().contains(form.as_str()))
    }))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn either_form_is_seen() {
        check(module_path!(), mail().link("https://a.example/?u=bob%40harbour.example", ""), Some(1.0));
        check(module_path!(), mail().link("https://a.example/#Bob@harbour.example", ""), Some(1.0));
        check(module_path!(), mail().link("https://a.example/?u=carol@harbour.example", ""), Some(0.0));
    }
}
