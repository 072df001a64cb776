//! A link names a login.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link names a login",
    "For credential phishing: login, verify, secure, account in the target. Number of such words in the first 20 \
     links' targets, each once; unknown without links.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(0.5);

const WORDS: [&str; 14] = [
    "login", "logon", "signin", "sign-in", "verify", "verif", "secure", "account", "update", "confirm", "password",
    "webmail", "webscr", "wp-",
];
/// What is to be clicked stands among the first.
const LINKS_MAX: usize = 20;
/// A longer target is a tracker's.
const TARGET_BYTES_MAX: usize = 200;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let mut links = evidence.web_links().peekable();
    links.peek()?;
    let mut seen = [false; WORDS.len()];
    for link in links.take(LINKS_MAX) {
        let target = link.target[..link.target.floor_char_boundary(TARGET_BYTES_MAX)].to_ascii_lowercase();
        for (seen, word) in seen.iter_mut().zip(WORDS) {
            *seen = *seen || target.contains(word);
        }
    }
    count(seen.iter().filter(|seen| **seen).count())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn words_are_counted_once() {
        check(
            module_path!(),
            mail().link("https://a.example/login", "").link("https://a.example/secure/login", ""),
            Some(2.0),
        );
        check(module_path!(), mail().link("https://a.example/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
