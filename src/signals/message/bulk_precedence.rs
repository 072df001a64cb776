//! The Precedence field says bulk or junk.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "it calls itself bulk mail",
    "Automatic mail says so; attacks on single people do not. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let precedence = evidence.message.header("Precedence").unwrap_or_default().trim();
    fact(precedence.eq_ignore_ascii_case("bulk") || precedence.eq_ignore_ascii_case("junk"))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn bulk_is_bulk_in_any_case() {
        check(module_path!(), mail().header("Precedence", "Bulk"), Some(1.0));
        check(module_path!(), mail().header("Precedence", "list"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
