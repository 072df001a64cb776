//! The files that a reader would open.

use super::registry::fact;
use crate::evidence::Evidence;
use crate::message::Attachment;

/// The attachments that are not shown within the text.
pub(super) fn files<'a>(evidence: &Evidence<'a>) -> impl Iterator<Item = &'a Attachment> {
    evidence.message.attachments.iter().filter(|file| !file.inline)
}

/// Whether one of the files is of a kind; `None` without files.
pub(super) fn any(evidence: &Evidence<'_>, is: impl Fn(&Attachment) -> bool) -> Option<f32> {
    files(evidence).next()?;
    fact(files(evidence).any(is))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::mail;

    #[test]
    fn pictures_within_the_text_are_no_files() {
        let message =
            mail().attachment("a.png", None).attachment("b.pdf", None).with(|m| m.message.attachments[0].inline = true);
        assert_eq!(files(&message.evidence()).count(), 1);
        assert_eq!(any(&message.evidence(), |file| file.extension == "png"), Some(0.0));
        assert_eq!(any(&mail().evidence(), |_| true), None);
    }
}
