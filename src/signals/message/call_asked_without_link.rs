//! It speaks of a charge, asks to call, and offers no link.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::phrases::count_all;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it speaks of a charge, asks to call, and offers no link",
    "Call-back attacks leave only the telephone. 1 where both are there and no link to the web, else 0.",
    measure,
)
.of(Category::Callback);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let both = count_all(evidence, &["asks_to_call"]) > 0.0 && count_all(evidence, &["speaks_of_renewal"]) > 0.0;
    fact(both && evidence.web_links().next().is_none())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_charge_with_nothing_but_a_telephone_is_seen() {
        check(module_path!(), mail().text("Your subscription will renew. Call us now"), Some(1.0));
        check(module_path!(), mail().text("Your subscription will renew. Call us now").link("https://a.example/", "a"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
