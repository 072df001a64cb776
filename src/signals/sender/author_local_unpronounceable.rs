//! The author's mailbox has a name that nobody can pronounce.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's mailbox has a name that nobody can pronounce",
    "Mailboxes made in series have random names. Longest run of consonants in the local part; unknown without an \
     author.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let mut longest = 0;
    let mut run = 0;
    for byte in evidence.author()?.local().bytes() {
        let consonant = byte.is_ascii_alphabetic() && !b"aeiouyAEIOUY".contains(&byte);
        run = if consonant { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    count(longest)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_longest_run_counts() {
        check(module_path!(), mail().from("", "xkqdvr@partner.example"), Some(6.0));
        check(module_path!(), mail(), Some(2.0));
    }
}
