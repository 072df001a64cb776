//! A stranger asks for a favour, secrecy or another channel.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::phrases::count_all;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger asks for a favour, secrecy or another channel",
    "For the opening of business e-mail compromise. Phrases of asks_if_available, asks_for_secrecy and \
     asks_for_personal_number where the author is new, else 0; unknown without author or baseline.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(1.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let asked = ["asks_if_available", "asks_for_secrecy", "asks_for_personal_number"];
    Some(if new { count_all(evidence, &asked) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_favour_counts() {
        check(module_path!(), mail().text("Are you available?").stranger(), Some(1.0));
        check(module_path!(), mail().text("Are you available?"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
