//! A link's words only call to click.

use crate::evidence::Evidence;
use crate::evidence::normalise;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::phrases::stands_in;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link's words only call to click",
    "Click here, view document, verify now. Share of links with words whose words only call, 0 to 1; unknown \
     without such links.",
    measure,
)
.of(Category::CredentialPhishing);

/// What is to be clicked stands among the first.
const LINKS_MAX: usize = 20;
/// A call has a few words.
const LABEL_BYTES_MAX: usize = 60;
const CALLS: &[&str] = &[
    "click",
    "here",
    "verify",
    "confirm",
    "login",
    "log in",
    "sign in",
    "view",
    "open",
    "review",
    "download",
    "update",
    "continue",
    "access",
    "activate",
    "unlock",
    "restore",
    "release",
    "keep",
    "track",
    "pay",
    "accept",
    "hier",
    "anmelden",
    "bestätigen",
    "cliquez",
    "ici",
    "connexion",
    "confirmer",
    "aquí",
    "clic",
    "acceder",
    "qui",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let labelled = || evidence.web_links().filter(|link| !link.label.trim().is_empty()).take(LINKS_MAX);
    let all = labelled().count();
    let calls = labelled()
        .filter(|link| link.label.len() <= LABEL_BYTES_MAX)
        .filter(|link| {
            let label = normalise(&link.label);
            CALLS.iter().any(|call| stands_in(&label, call))
        })
        .count();
    (all > 0).then(|| calls as f32 / all as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn calls_are_a_share() {
        check(
            module_path!(),
            mail().link("https://a.example/", "Click here").link("https://a.example/", "Minutes"),
            Some(0.5),
        );
        check(module_path!(), mail().link("https://a.example/", ""), None);
    }
}
