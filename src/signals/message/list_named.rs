//! A List-Id or List-Post field names a mailing list.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::falls(
    "it does not come through a mailing list",
    "Discussion lists carry conversation; attacks on single people do not come through them. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let message = evidence.message;
    fact(message.header("List-Id").is_some() || message.header("List-Post").is_some())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn either_field_names_a_list() {
        check(module_path!(), mail().header("List-Id", "<talk.partner.example>"), Some(1.0));
        check(module_path!(), mail().header("List-Post", "<mailto:talk@partner.example>"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
