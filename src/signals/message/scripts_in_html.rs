//! The HTML holds scripts.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the HTML holds scripts",
    "No mail program runs them; they are for a browser that opens the message. Number as ln(1 + n).",
    measure,
)
.of(Category::Malware);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.message.html.scripts as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn scripts_are_counted() {
        check(module_path!(), mail().with(|m| m.message.html.scripts = 1), Some(0.693));
        check(module_path!(), mail(), Some(0.0));
    }
}
