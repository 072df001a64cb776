//! The image of a disk came with it.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "the image of a disk came with it",
    "Files within it lose the mark that they came from outside. 1 or 0; unknown without files.",
    measure,
)
.of(Category::Malware)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| {
        matches!(file.extension.as_str(), "iso" | "img" | "vhd" | "vhdx" | "dmg" | "udf" | "wim" | "daa")
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn disk_images_are_seen() {
        check(module_path!(), mail().attachment("invoice.iso", None), Some(1.0));
        check(module_path!(), mail().attachment("invoice.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
