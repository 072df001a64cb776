//! The number of links.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how many links it has",
    "Bulk mail has many, attacks one or two, letters none. Links to the web as ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.web_links().count() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn links_are_a_logarithm() {
        check(module_path!(), mail().link("https://a.example/", "").link("https://a.example/", ""), Some(1.0986));
        check(module_path!(), mail(), Some(0.0));
    }
}
