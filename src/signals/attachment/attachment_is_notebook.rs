//! A notebook came with it.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a notebook came with it",
    "OneNote files carry programs under a picture of a button. 1 or 0; unknown without files.",
    measure,
)
.of(Category::Malware)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| matches!(file.extension.as_str(), "one" | "onepkg" | "onetoc2"))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn notebooks_are_seen() {
        check(module_path!(), mail().attachment("invoice.one", None), Some(1.0));
        check(module_path!(), mail().attachment("invoice.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
