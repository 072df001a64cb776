//! A telephone number is all that it offers.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "a telephone number is all that it offers",
    "For call-back attacks, which carry neither link nor answerable question. 1 where it gives a number and no \
     link, else 0.",
    measure,
)
.of(Category::Callback);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let numbers = evidence.message.telephones().numbers.iter().any(|telephone| !telephone.quoted);
    fact(numbers && evidence.web_links().next().is_none())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_number_without_links_is_seen() {
        let called = || mail().text("call +1 (808) 555-0142");
        check(module_path!(), called(), Some(1.0));
        check(module_path!(), called().link("https://a.example/", "here"), Some(0.0));
        check(module_path!(), mail().text("> call +1 (808) 555-0142"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
