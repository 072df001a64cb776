//! The author's name shows another address than the author's.

use crate::evidence::Evidence;
use crate::mail::{Address, Category};
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's name shows another address than the author's",
    "A mail program that hides addresses shows the wrong one. 1 where the display name holds an address of \
     another domain, else 0; unknown without an author.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author()?;
    let shown = evidence.message.author_name().split(|c: char| c.is_whitespace() || "<>()\"',;:".contains(c));
    let mut addresses = shown.filter(|word| word.contains('@')).filter_map(Address::parse);
    fact(addresses.any(|address| !address.domain().is_aligned_with(author.domain())))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_foreign_address_as_a_name_is_seen() {
        check(module_path!(), mail().from("Chief (bob@harbour.example)", "x@other.example"), Some(1.0));
        check(module_path!(), mail().from("anna@partner.example", "anna@partner.example"), Some(0.0));
        check(module_path!(), mail().from("Anna @ Partner", "anna@partner.example"), Some(0.0));
    }
}
