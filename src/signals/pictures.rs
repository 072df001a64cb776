//! Pictures that came with a message.

use crate::evidence::Evidence;
use crate::message::Attachment;

/// Extensions of pictures that mail programs show.
const EXTENSIONS: &[&str] = &["png", "jpg", "jpeg", "gif", "bmp", "webp", "svg"];

/// Characters of text beside which a picture is what is to be read.
pub(super) const FEW_WORDS: usize = 400;

/// The pictures that came with it, within the text or as files.
pub(super) fn pictures<'a>(evidence: &Evidence<'a>) -> impl Iterator<Item = &'a Attachment> {
    evidence
        .message
        .attachments
        .iter()
        .filter(|file| file.declared_type.starts_with("image/") || EXTENSIONS.contains(&file.extension.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::mail;

    #[test]
    fn pictures_are_told_by_type_or_name() {
        let message = mail().attachment("a.png", None).attachment("b.pdf", None).attachment("c", None).with(|m| {
            m.message.attachments[2].declared_type = "image/gif".to_owned();
        });
        assert_eq!(pictures(&message.evidence()).count(), 2);
    }
}
