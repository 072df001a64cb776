//! The author's domain would pass for a supplier's.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's domain would pass for a supplier's",
    "For invoices of a look-alike. 1 or 0; unknown where no domain is protected, or without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let likenesses = evidence.baseline.likenesses()?;
    fact(likenesses.author.is_some() && likenesses.author_as_supplier)
}

#[cfg(test)]
mod tests {
    use crate::baseline::LikenessKind;
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_suppliers_look_alike_is_seen() {
        let like = |supplier| mail().lookalike(LikenessKind::Edits).with(|m| m.baseline.likenesses.author_as_supplier = supplier);
        check(module_path!(), like(true), Some(1.0));
        check(module_path!(), like(false), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}
