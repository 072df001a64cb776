//! The number of attached files.

use crate::evidence::Evidence;
use crate::signals::files::files;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how many files came with it",
    "Work comes with files, malware with one. Files that are not shown within the text as ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(files(evidence).count() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn pictures_within_the_text_do_not_count() {
        check(module_path!(), mail().attachment("a.pdf", None).attachment("b.pdf", None), Some(1.0986));
        check(
            module_path!(),
            mail().attachment("a.png", None).with(|m| m.message.attachments[0].inline = true),
            Some(0.0),
        );
    }
}
