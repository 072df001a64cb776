//! Someone never seen before gives a telephone number and no link.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "someone never seen before gives a telephone number and no link",
    "For call-back attacks. 1 or 0; unknown without author or baseline.",
    measure,
)
.of(Category::Callback);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    fact(new && evidence.telephones() > 0 && evidence.web_links().next().is_none())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_number_of_a_stranger_counts() {
        let called = || mail().text("call +1 (808) 555-0142");
        check(module_path!(), called().stranger(), Some(1.0));
        check(module_path!(), called().stranger().link("https://a.example/", "here"), Some(0.0));
        check(module_path!(), called(), Some(0.0));
        check(module_path!(), called().unknown(), None);
    }
}
