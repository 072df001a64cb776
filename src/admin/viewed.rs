//! A held message as it is looked at: its fields, texts, links and files, as text and nothing else.

use super::defang;
use super::shown::{visible, visible_lines};
use crate::message::{self, Attachment, Link, LinkPlace, Message, Settings};

/// Header fields shown; honest mail has fewer than 60.
const FIELDS_MAX: usize = 200;
/// Characters shown of one field.
const FIELD_CHARS_MAX: usize = 2_000;
/// Characters shown of a text.
const TEXT_CHARS_MAX: usize = 200_000;
/// Links shown; a long newsletter has 200.
const LINKS_MAX: usize = 200;
/// Characters shown of the words of a link and of a file's name.
const NAME_CHARS_MAX: usize = 200;

/// A link as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LinkShown {
    pub(super) words: String,
    pub(super) target: String,
    pub(super) place: &'static str,
    /// Whether its words name another place than that to which it leads.
    pub(super) differs: bool,
}

/// A file as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileShown {
    pub(super) name: String,
    pub(super) declared: String,
    pub(super) actual: &'static str,
    pub(super) bytes: usize,
    pub(super) sha256: String,
}

/// A message as it is shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    pub(super) fields: Vec<(String, String)>,
    pub(super) fields_left_out: usize,
    /// The text parts.
    pub(super) plain: String,
    pub(super) has_html: bool,
    pub(super) links: Vec<LinkShown>,
    pub(super) links_left_out: usize,
    pub(super) files: Vec<FileShown>,
    pub(super) defects: Vec<String>,
}

/// Reads a message for being looked at.
pub(super) fn view(raw: &[u8]) -> View {
    let message = message::parse(raw, &Settings::default());
    let field = |name: &str, value: &str| (cut(name, NAME_CHARS_MAX), cut(value, FIELD_CHARS_MAX));
    View {
        fields: message.headers.iter().take(FIELDS_MAX).map(|one| field(&one.name, &one.value)).collect(),
        fields_left_out: message.headers.len().saturating_sub(FIELDS_MAX),
        plain: text(&message.texts.plain),
        has_html: message.html.present,
        links: message.links.iter().take(LINKS_MAX).map(link).collect(),
        links_left_out: message.links.len().saturating_sub(LINKS_MAX),
        files: message.attachments.iter().map(file).collect(),
        defects: defects(&message),
    }
}

/// The source of a message's HTML parts.
pub(super) fn html(raw: &[u8]) -> String {
    message::parse(raw, &Settings::default()).texts.html
}

fn cut(text: &str, chars_max: usize) -> String {
    let mut end = text.char_indices().map(|(at, _)| at).skip(chars_max);
    let shown = end.next().map_or(text, |at| &text[..at]);
    let more = if shown.len() < text.len() { " …" } else { "" };
    format!("{}{more}", visible(shown))
}

fn text(text: &str) -> String {
    let end = text.char_indices().map(|(at, _)| at).nth(TEXT_CHARS_MAX);
    let shown = defang::running(&text[..end.unwrap_or(text.len())]);
    // A tab is no more than a space here.
    let mut shown = visible_lines(&shown.replace('\t', "    "));
    if end.is_some() {
        shown.push_str("\n[the rest is left out]");
    }
    shown
}

fn link(link: &Link) -> LinkShown {
    let place = match link.place {
        LinkPlace::Text => "text",
        LinkPlace::Anchor => "link",
        LinkPlace::Form => "form",
        LinkPlace::Image => "image",
    };
    LinkShown {
        words: cut(&defang::running(&link.label), NAME_CHARS_MAX),
        target: defang::target(&link.target),
        place,
        differs: link.label_differs(),
    }
}

fn file(file: &Attachment) -> FileShown {
    FileShown {
        name: if file.name.is_empty() { "without a name".to_owned() } else { cut(&file.name, NAME_CHARS_MAX) },
        declared: cut(&file.declared_type, NAME_CHARS_MAX),
        actual: file.actual_type.unwrap_or("unknown"),
        bytes: file.bytes,
        sha256: file.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

fn defects(message: &Message) -> Vec<String> {
    message.defects.iter().map(|defect| words(&format!("{defect:?}"))).collect()
}

/// `FromMissing` in words.
fn words(name: &str) -> String {
    let mut words = String::new();
    for (at, c) in name.char_indices() {
        if at > 0 && c.is_uppercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &[u8] = b"From: =?utf-8?q?Bank=E2=80=AE?= <a@evil.example>\r\nSubject: s\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
        see https://evil.example/x\r\n\tnow\r\n--b\r\nContent-Type: text/html\r\n\r\n\
        <a href=\"https://evil.example/y\">www.bank.com</a>\r\n--b\r\n\
        Content-Type: application/pdf; name=\"a/../b.exe\"\r\nContent-Disposition: attachment\r\n\r\nMZ\r\n--b--\r\n";

    #[test]
    fn a_message_is_shown_as_text() {
        let view = view(MAIL);
        assert_eq!(view.fields[0].0, "From");
        assert!(view.fields[0].1.contains("⟨U+202E⟩"), "{:?}", view.fields);
        assert_eq!(view.plain.trim_end(), "see hxxps://evil.example/x\n    now");
        assert!(view.has_html && html(MAIL).contains("<a href="));
        let anchor = view.links.iter().find(|link| link.place == "link").expect("a link");
        assert_eq!((anchor.words.as_str(), anchor.differs), ("www.bank.com", true));
        assert_eq!(anchor.target, "hxxps://evil[.]example/y");
        let file = &view.files[0];
        assert_eq!((file.declared.as_str(), file.sha256.len()), ("application/pdf", 64));
        assert!(file.bytes > 0 && file.name.ends_with("b.exe"), "{file:?}");
        assert!(view.defects.contains(&"date missing".to_owned()), "{:?}", view.defects);
    }

    #[test]
    fn there_is_an_end_to_all_of_it() {
        let fields: String = (0..FIELDS_MAX + 5).map(|n| format!("X-{n}: y\r\n")).collect();
        let mail = format!("Subject: {}\r\n{fields}\r\n{}", "z".repeat(5_000), "w ".repeat(TEXT_CHARS_MAX));
        let view = view(mail.as_bytes());
        assert_eq!((view.fields.len(), view.fields_left_out), (FIELDS_MAX, 6));
        assert_eq!(view.fields[0].1.chars().count(), FIELD_CHARS_MAX + 2);
        assert!(view.plain.len() <= TEXT_CHARS_MAX + 30 && view.plain.ends_with("left out]"));
        assert_eq!(super::view(b"").fields, []);
    }
}
