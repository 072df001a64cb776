//! It calls itself urgent in its header.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it calls itself urgent in its header",
    "For spam and pressing requests: X-Priority 1 or 2, Importance or Priority high or urgent. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let says = |name: &str, words: &[&str]| {
        let value = evidence.message.header(name).unwrap_or_default().trim().to_ascii_lowercase();
        words.iter().any(|word| value.starts_with(word))
    };
    let urgent = says("X-Priority", &["1", "2", "high"])
        || says("Importance", &["high"])
        || says("Priority", &["urgent"])
        || says("X-MSMail-Priority", &["high"]);
    fact(urgent)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn each_field_is_read() {
        check(module_path!(), mail().header("X-Priority", "1 (Highest)"), Some(1.0));
        check(module_path!(), mail().header("importance", "High"), Some(1.0));
        check(module_path!(), mail().header("X-Priority", "3"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
