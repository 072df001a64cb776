//! An archive came with it.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "an archive came with it",
    "For malware that is to be unpacked. 1 or 0; unknown without files.",
    measure,
)
.of(Category::Malware);

const ARCHIVES: &[&str] = &[
    "zip", "rar", "7z", "gz", "tgz", "tar", "bz2", "xz", "cab", "ace", "arj", "lzh", "lha", "z", "r00", "r01", "r09",
    "001", "uue", "xxe", "zipx",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| ARCHIVES.contains(&file.extension.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn archives_are_known_by_extension() {
        check(module_path!(), mail().attachment("invoice.ace", None), Some(1.0));
        check(module_path!(), mail().attachment("invoice.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
