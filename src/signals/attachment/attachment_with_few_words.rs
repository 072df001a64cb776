//! A file came with hardly a word.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a file came with hardly a word",
    "For malware, and for pages and documents that hold the attack. 1 where a file that is no picture comes with \
     fewer than 100 characters of text, else 0; unknown without files.",
    measure,
)
.of(Category::Malware);

/// A greeting and a reason have more characters than this.
const TEXT_MIN: usize = 100;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let few = evidence.lettering().shown < TEXT_MIN;
    any(evidence, |file| few && !file.declared_type.starts_with("image/"))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_file_without_words_is_seen() {
        check(module_path!(), mail().text("see file").attachment("a.pdf", None), Some(1.0));
        check(module_path!(), mail().text(&"word ".repeat(30)).attachment("a.pdf", None), Some(0.0));
        check(module_path!(), mail().text("see file"), None);
    }
}
