//! A file's name is written to mislead.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a file's name is written to mislead",
    "Marks that turn the direction of writing, or spaces before the extension, hide what it is. 1 or 0; unknown \
     without files.",
    measure,
)
.of(Category::Malware)
.prior(2.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| {
        let marks = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
        file.name.contains(marks) || file.name.contains("     ")
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn turned_writing_is_seen() {
        check(module_path!(), mail().attachment("invoice\u{202e}fdp.exe", None), Some(1.0));
        check(module_path!(), mail().attachment("invoice.pdf          .exe", None), Some(1.0));
        check(module_path!(), mail().attachment("the minutes.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
