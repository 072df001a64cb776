//! None of our people ever wrote to its author.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "none of our people ever wrote to its author",
    "Solicited mail is seldom an attack. 1 or 0; unknown without author or baseline, and of who is known where our people's letters do not \
     pass.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let solicited = evidence.baseline.solicited(evidence.baseline.sender.as_ref())?;
    fact(new || !solicited)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn one_letter_of_ours_solicits() {
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.baseline.sender.as_mut().unwrap().written_to = 0), Some(1.0));
        check(module_path!(), mail().stranger(), Some(1.0));
        check(module_path!(), mail().unknown(), None);
        check(module_path!(), mail().with(|m| (m.baseline.sees_own, m.baseline.sender.as_mut().unwrap().written_to) = (false, 0)), None);
    }
}
