//! Messages in a file: their texts and attachments.

use super::kind::{Kind, Reading};
use crate::message::{Defect, Settings, parse};

/// Messages in a file.
pub(super) const KIND: Kind = Kind {
    flavors: &["email_file"],
    media_type: "message/rfc822",
    is: |head| head.is_text() && (head.extension == "eml" || is_header(head.content)),
    read,
};

/// Whether the first lines are header fields of a message.
fn is_header(content: &[u8]) -> bool {
    let first = String::from_utf8_lossy(&content[..content.len().min(4_096)]).to_ascii_lowercase();
    let known = ["received:", "return-path:", "delivered-to:", "from:", "date:", "subject:", "message-id:", "mime-version:"];
    let fields = first.lines().take_while(|line| !line.is_empty());
    fields.filter(|line| known.iter().any(|field| line.starts_with(field))).count() >= 3
        && first.lines().next().is_some_and(|line| line.contains(':') && !line.contains(' ') || is_field(line))
}

fn is_field(line: &str) -> bool {
    line.split_once(':').is_some_and(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace))
}

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let message = parse(content, &Settings::default());
    if message.defects.contains(&Defect::NoHeaders) {
        reading.budget.note(super::BROKEN);
        return;
    }
    reading.facts.metadata.add("Subject", &message.subject);
    if !message.texts.plain.is_empty() {
        reading.copy("body.txt", message.texts.plain.as_bytes());
    }
    if !message.texts.html.is_empty() {
        reading.copy("body.html", message.texts.html.as_bytes());
    }
    for file in &message.attachments {
        match file.content() {
            Some(content) => reading.copy(&file.name, content),
            None => reading.list(&file.name, file.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::files::explode::tests::{names, taken};

    #[test]
    fn texts_and_attachments_are_found() {
        let mail = "From: a@partner.example\nDate: x\nSubject: Inner\nContent-Type: multipart/mixed; boundary=b\n\n\
            --b\nContent-Type: text/plain\n\nHello\n--b\nContent-Disposition: attachment; filename=x.js\n\nvar x\n--b--\n";
        let exploded = taken("a", mail.as_bytes());
        assert_eq!(names(&exploded), ["a", "body.txt", "x.js"]);
        assert_eq!(exploded.found[0].facts.metadata.value("Subject"), Some("Inner"));
    }

    #[test]
    fn a_letter_is_no_message() {
        assert_eq!(names(&taken("a.txt", b"from: you\nto: me\n\nDear")), ["a.txt"]);
        assert_eq!(taken("a.eml", b"just words").found.len(), 1);
    }
}
