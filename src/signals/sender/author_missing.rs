//! It names no author.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it names no author",
    "For crude bulk mail. 1 where From holds no address that can be read, else 0.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.author().is_none())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_name_is_no_address() {
        check(module_path!(), mail().from("Anna Partner", ""), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
