//! The length of the longest link.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how long its links are",
    "Trackers and redirects are long. Bytes of the longest target as ln(1 + n); unknown without links.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.web_links().map(|link| link.target.len()).max()? as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_longest_counts() {
        check(
            module_path!(),
            mail().link("https://a.example/", "").link("https://a.example/123456789", ""),
            Some(3.332),
        );
        check(module_path!(), mail(), None);
    }
}
