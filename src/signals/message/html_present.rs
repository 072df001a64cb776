//! The message has an HTML body.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "the text is written in HTML",
    "Advertising and phishing need HTML more often than letters do. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.html.present)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn html_is_a_fact() {
        check(module_path!(), mail().html("Hi"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
