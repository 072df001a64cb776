//! A stranger links to a file.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::downloads::leads_to_file;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger links to a file",
    "For malicious code by link at first contact. 1 where the author is new and a link leads to a file to be run or \
     unpacked, else 0; unknown without author, links or baseline.",
    measure,
)
.against(&[Attack::MalwareByLink])
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    fact(new && leads_to_file(evidence)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_file_counts() {
        check(module_path!(), mail().link("https://files.example/a.zip", "a").stranger(), Some(1.0));
        check(module_path!(), mail().link("https://files.example/a.zip", "a"), Some(0.0));
        check(module_path!(), mail().stranger(), None);
        check(module_path!(), mail().unknown(), None);
    }
}
