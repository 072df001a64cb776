//! Much of the text is written in capitals.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "much of the text is written in capitals",
    "For advance-fee letters and spam. Share of capitals among letters, 0 to 1; unknown with fewer than 40 \
     letters.",
    measure,
)
.of(Category::AdvanceFee);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.lettering().capitals_share(40)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn shouting_is_a_share() {
        check(module_path!(), mail().text(&"SEND money".repeat(10)), Some(0.444));
        check(module_path!(), mail().text("SEND"), None);
    }
}
