//! A file has no name.

use crate::evidence::Evidence;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal =
    Signal::rises("a file has no name", "Mail programs name what they attach. 1 or 0; unknown without files.", measure);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| file.name.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_nameless_file_is_seen() {
        check(module_path!(), mail().attachment("", None), Some(1.0));
        check(module_path!(), mail().attachment("minutes.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
