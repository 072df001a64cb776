//! Gathers what the parts of a message hold: texts, links and attachments, within the limits of the settings.

use std::borrow::Cow;
use std::collections::HashSet;

use super::defect::Defects;
use super::encoding::{self, Transfer};
use super::media::Media;
use super::{Attachment, Contents, Defect, HtmlFacts, Link, Message, Part, Settings, Texts, attachment, bare, html};

/// How often over the content of a message may be hashed: attached messages are hashed whole and again in their parts.
const HASHED_PER_BYTE_MAX: usize = 4;

/// What the head of a part says of its content.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// Content-Type; `None` where there is none that can be read.
    pub media: Option<Media>,
    /// Content-Disposition.
    pub disposition: Option<Media>,
    /// Content-Transfer-Encoding.
    pub transfer: Transfer,
    /// Content-ID without angle brackets; empty where there is none.
    pub content_id: String,
}

impl Head {
    /// The declared type, lower case; `default` where none is declared.
    pub(super) fn media_type<'a>(&'a self, default: &'a str) -> &'a str {
        self.media.as_ref().map_or(default, |media| media.word.as_str())
    }

    /// The file name: of the disposition first (RFC 2183 §2.3), else of the type.
    fn file_name(&self) -> &str {
        let named = |media: &'_ Option<Media>, parameter| media.as_ref().and_then(|m| m.parameter(parameter)).is_some();
        let of =
            if named(&self.disposition, "filename") { (&self.disposition, "filename") } else { (&self.media, "name") };
        of.0.as_ref().and_then(|m| m.parameter(of.1)).unwrap_or_default()
    }

    fn is_disposed(&self, word: &str) -> bool {
        self.disposition.as_ref().is_some_and(|disposition| disposition.word == word)
    }

    fn charset(&self) -> &str {
        self.media.as_ref().and_then(|media| media.parameter("charset")).unwrap_or_default()
    }
}

/// Where a part stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Depth in the tree.
    pub depth: usize,
    /// Whether it is part of an attached message: its text is then not what the reader reads first.
    pub attached: bool,
    /// Whether it is the first child, or the root: the text that is shown even where it has a file name.
    pub first: bool,
}

/// What was gathered so far.
pub(super) struct Content<'s> {
    settings: &'s Settings,
    pub parts: Vec<Part>,
    pub defects: Defects,
    texts: Texts,
    html: HtmlFacts,
    html_bytes: usize,
    links: Vec<Link>,
    bare: Vec<Link>,
    attachments: Vec<(Attachment, String)>,
    content_ids: Vec<String>,
    /// Bytes that may still be hashed.
    hashable: usize,
    /// Bytes of attached files that may still be kept.
    keepable: usize,
}

impl<'s> Content<'s> {
    pub(super) fn new(settings: &'s Settings, message_bytes: usize) -> Self {
        Self {
            settings,
            parts: Vec::new(),
            defects: Defects::default(),
            texts: Texts::default(),
            html: HtmlFacts::default(),
            html_bytes: 0,
            links: Vec::new(),
            bare: Vec::new(),
            attachments: Vec::new(),
            content_ids: Vec::new(),
            keepable: settings.contents_bytes_max,
            hashable: message_bytes.saturating_mul(HASHED_PER_BYTE_MAX),
        }
    }

    /// The limits.
    pub(super) fn settings(&self) -> &'s Settings {
        self.settings
    }

    /// Lists a node of the tree; `false` where there are too many already.
    pub(super) fn list(&mut self, media_type: &str, depth: usize, bytes: usize) -> bool {
        if self.parts.len() >= self.settings.parts_max {
            self.defects.note(Defect::PartsBeyondLimit);
            return false;
        }
        self.parts.push(Part { media_type: media_type.to_owned(), depth, bytes });
        true
    }

    /// Takes a leaf of the tree, still encoded; `false` where there are too many parts already.
    pub(super) fn leaf(&mut self, head: &Head, default: &str, place: Place, encoded: &[u8]) -> bool {
        let media_type = head.media_type(default);
        if !self.list(media_type, place.depth, 0) {
            return false;
        }
        let mut broken = false;
        let content = head.transfer.decode(encoded, &mut broken);
        self.defects.note_if(broken, Defect::EncodingBroken);
        if let Some(part) = self.parts.last_mut() {
            part.bytes = content.len();
        }
        let text = match media_type {
            "text/html" | "application/xhtml+xml" => Some(true),
            "text/plain" | "text" | "plain" | "text/enriched" => Some(false),
            _ => None,
        };
        let named = !head.file_name().is_empty();
        let shown = !place.attached && !head.is_disposed("attachment") && (!named || place.first);
        match text {
            Some(true) if shown => self.take_html(head, &content),
            Some(false) if shown => self.take_plain(head.charset(), &content),
            _ => {}
        }
        if named || text.is_none() || head.is_disposed("attachment") {
            self.attach(head, media_type, &content);
        }
        true
    }

    /// Takes text/plain content.
    pub(super) fn take_plain(&mut self, charset: &str, content: &[u8]) {
        let mut broken = false;
        let room = self.settings.text_bytes_max.saturating_sub(self.texts.plain.len());
        // Four bytes are the most a character takes, so no more needs to be decoded.
        let read = &content[..content.len().min(room.saturating_mul(4))];
        let text = encoding::text(read, charset, &mut broken);
        self.defects.note_if(broken && read.len() == content.len(), Defect::EncodingBroken);
        let plain = &mut self.texts.plain;
        if !plain.is_empty() && !plain.ends_with('\n') && room > 0 {
            plain.push('\n');
        }
        let room = self.settings.text_bytes_max.saturating_sub(plain.len());
        let from = plain.len();
        let kept = &text[..text.floor_char_boundary(room)];
        plain.reserve(kept.len());
        for piece in kept.split(['\r', '\0']) {
            plain.push_str(piece);
        }
        self.defects.note_if(kept.len() < text.len(), Defect::TextBeyondLimit);
        let most = self.settings.links_max.saturating_sub(self.bare.len());
        let cut = bare::find(&self.texts.plain[from..], &[], most, &mut self.bare);
        self.defects.note_if(cut, Defect::LinksBeyondLimit);
    }

    fn take_html(&mut self, head: &Head, content: &[u8]) {
        let mut broken = false;
        let charset = match head.charset() {
            "" => charset_of_meta(content),
            charset => Cow::Borrowed(charset),
        };
        let text = encoding::text(content, &charset, &mut broken);
        self.defects.note_if(broken, Defect::EncodingBroken);
        let room = self.settings.html_bytes_max.saturating_sub(self.html_bytes);
        let kept = &text[..text.floor_char_boundary(room)];
        self.html_bytes += kept.len();
        if self.settings.contents_bytes_max > 0 {
            self.texts.html.push_str(kept);
        }
        let visible = &mut self.texts.visible;
        if !visible.is_empty() && !visible.ends_with('\n') && visible.len() < self.settings.text_bytes_max {
            visible.push('\n');
        }
        let text_room = self.settings.text_bytes_max.saturating_sub(visible.len());
        let page = html::read(kept, text_room, self.settings.links_max.saturating_sub(self.links.len()));
        self.defects.note_if(page.text_cut || kept.len() < text.len(), Defect::TextBeyondLimit);
        self.defects.note_if(page.links_cut, Defect::LinksBeyondLimit);
        if visible.is_empty() {
            *visible = page.visible;
        } else {
            visible.push_str(&page.visible);
        }
        self.html = sum(&self.html, &page.facts);
        self.links.extend(page.links);
        self.bare.extend(page.bare);
        self.content_ids.extend(page.content_ids);
    }

    /// Describes an attachment.
    pub(super) fn attach(&mut self, head: &Head, media_type: &str, content: &[u8]) {
        self.attach_at(self.attachments.len(), head, media_type, content);
    }

    /// How many attachments are described so far: the place of the next one.
    pub(super) fn attached(&self) -> usize {
        self.attachments.len()
    }

    /// Describes an attachment that stands before others already described: a message, after its parts.
    pub(super) fn attach_at(&mut self, place: usize, head: &Head, media_type: &str, content: &[u8]) {
        if place >= self.settings.attachments_max || content.len() > self.hashable {
            self.defects.note(Defect::AttachmentsBeyondLimit);
            return;
        }
        self.hashable -= content.len();
        let mut described = attachment::describe(head.file_name(), media_type, head.is_disposed("inline"), content);
        described.disposition = head.disposition.as_ref().map(|stated| stated.word.clone()).unwrap_or_default();
        if content.len() <= self.keepable {
            self.keepable -= content.len();
            described.contents = Contents::kept(content);
        }
        self.attachments.insert(place, (described, head.content_id.clone()));
        if self.attachments.len() > self.settings.attachments_max {
            self.attachments.pop();
            self.defects.note(Defect::AttachmentsBeyondLimit);
        }
    }

    /// Puts all into the message.
    pub(super) fn finish(mut self, message: &mut Message) -> Defects {
        let named: HashSet<&str> = self.content_ids.iter().map(String::as_str).collect();
        let inline = |id: &str| !id.is_empty() && named.contains(id);
        message.attachments = self
            .attachments
            .into_iter()
            .map(|(attachment, id)| Attachment {
                inline: attachment.inline || inline(&id),
                content_id: id,
                ..attachment
            })
            .collect();
        // The plain text of most mail repeats the links of its HTML.
        let known: HashSet<String> = self.links.iter().map(|link| link.target.clone()).collect();
        self.links.extend(self.bare.into_iter().filter(|link| !known.contains(&link.target)));
        self.defects.note_if(self.links.len() > self.settings.links_max, Defect::LinksBeyondLimit);
        self.links.truncate(self.settings.links_max);
        message.links = self.links;
        message.parts = self.parts;
        message.texts = self.texts;
        message.html = self.html;
        self.defects
    }
}

fn sum(one: &HtmlFacts, other: &HtmlFacts) -> HtmlFacts {
    HtmlFacts {
        present: one.present || other.present,
        hidden_chars: one.hidden_chars + other.hidden_chars,
        images: one.images + other.images,
        remote_images: one.remote_images + other.remote_images,
        forms: one.forms + other.forms,
        password_fields: one.password_fields + other.password_fields,
        scripts: one.scripts + other.scripts,
    }
}

/// The character set that a `meta` element near the start names; empty where there is none, or none is needed.
fn charset_of_meta(content: &[u8]) -> Cow<'_, str> {
    const NEAR: usize = 1_024;
    if std::str::from_utf8(content).is_ok() {
        return Cow::Borrowed("");
    }
    let start = String::from_utf8_lossy(&content[..content.len().min(NEAR)]).to_ascii_lowercase();
    let named = start.split_once("charset=").map_or("", |(_, rest)| rest.trim_start_matches(['"', '\'', ' ']));
    let end = named.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(named.len());
    Cow::Owned(named[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(media: &str, disposition: &str) -> Head {
        Head {
            media: Media::read(media.as_bytes()),
            disposition: Media::read(disposition.as_bytes()),
            content_id: "id@x".to_owned(),
            ..Head::default()
        }
    }

    /// The message that these leaves make, each given by type, disposition and content.
    fn message(settings: &Settings, leaves: &[(&str, &str, &str)]) -> Message {
        let bytes = leaves.iter().map(|leaf| leaf.2.len()).sum();
        let mut content = Content::new(settings, bytes);
        for (number, (media, disposition, text)) in leaves.iter().enumerate() {
            let place = Place { depth: 1, attached: false, first: number == 0 };
            content.leaf(&head(media, disposition), "text/plain", place, text.as_bytes());
        }
        let mut message = Message::default();
        message.defects = content.finish(&mut message).list();
        message
    }

    /// Plain text, visible text and names of attachments.
    fn check(leaves: &[(&str, &str, &str)], plain: &str, visible: &str, attachments: &[&str]) {
        let message = message(&Settings::default(), leaves);
        assert_eq!(message.texts.plain, plain);
        assert_eq!(message.texts.visible, visible);
        let names: Vec<&str> = message.attachments.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, attachments);
    }

    #[test]
    fn texts_and_attachments_are_told_apart() {
        check(&[("text/plain", "", "a"), ("text/html", "", "<b>b</b>")], "a", "b", &[]);
        check(&[("text/plain", "", "a"), ("text/plain", "", "b")], "a\nb", "", &[]);
        check(&[("text/plain", "", "a"), ("text/plain", "attachment; filename=b.txt", "b")], "a", "", &["b.txt"]);
        check(&[("text/plain", "", "a"), ("text/plain; name=b.txt", "inline", "b")], "a", "", &["b.txt"]);
        check(&[("image/png; name=a.png", "", "x"), ("text/calendar", "", "b")], "", "", &["a.png", ""]);
    }

    #[test]
    fn the_first_text_is_shown_even_with_a_name() {
        check(&[("text/html; name=a.htm", "", "b")], "", "b", &["a.htm"]);
        check(&[("text/html; name=a.htm", "attachment", "b")], "", "", &["a.htm"]);
    }

    #[test]
    fn an_image_that_the_html_names_is_inline() {
        let image = ("image/png", "", "x");
        let with = |html| message(&Settings::default(), &[("text/html", "", html), image]).attachments[0].inline;
        assert!(with("<img src=cid:id@x>"));
        assert!(!with("<img src=cid:other@x>"));
    }

    #[test]
    fn links_of_the_plain_text_that_the_html_repeats_count_once() {
        let leaves = [
            ("text/plain", "", "http://a.example/ http://b.example/"),
            ("text/html", "", "<a href=http://a.example/>a</a>"),
        ];
        let links = message(&Settings::default(), &leaves).links;
        let targets: Vec<&str> = links.iter().map(|l| l.target.as_str()).collect();
        assert_eq!(targets, ["http://a.example/", "http://b.example/"]);
    }

    #[test]
    fn the_character_set_may_stand_in_the_html() {
        assert_eq!(charset_of_meta(b"<meta charset=\"koi8-r\">\xc1"), "koi8-r");
        assert_eq!(charset_of_meta(b"<meta content='text/html; charset=windows-1251'>\xc1"), "windows-1251");
        assert_eq!(charset_of_meta("<meta charset=koi8-r>\u{e4}".as_bytes()), "");
        assert_eq!(charset_of_meta(b"\xc1"), "");
    }

    /// Whether a limit is exceeded by these leaves.
    fn exceeds(settings: Settings, leaves: &[(&str, &str, &str)], defect: Defect) -> bool {
        message(&settings, leaves).defects.contains(&defect)
    }

    #[test]
    fn limits_have_two_sides() {
        let default = Settings::default;
        let plain = [("text/plain", "", "12345")];
        for (max, over) in [(5, false), (4, true)] {
            assert_eq!(exceeds(Settings { text_bytes_max: max, ..default() }, &plain, Defect::TextBeyondLimit), over);
        }
        let html = [("text/html", "", "<b>x")];
        for (max, over) in [(4, false), (3, true)] {
            assert_eq!(exceeds(Settings { html_bytes_max: max, ..default() }, &html, Defect::TextBeyondLimit), over);
        }
        let files = [("image/png", "", "a"), ("image/png", "", "b")];
        for (max, over) in [(2, false), (1, true)] {
            let settings = Settings { attachments_max: max, ..default() };
            assert_eq!(exceeds(settings, &files, Defect::AttachmentsBeyondLimit), over);
        }
        for (max, over) in [(2, false), (1, true)] {
            assert_eq!(exceeds(Settings { parts_max: max, ..default() }, &files, Defect::PartsBeyondLimit), over);
        }
        let links = [("text/plain", "", "http://a.example http://b.example")];
        for (max, over) in [(2, false), (1, true)] {
            assert_eq!(exceeds(Settings { links_max: max, ..default() }, &links, Defect::LinksBeyondLimit), over);
        }
    }

    #[test]
    fn hashing_has_a_budget() {
        let settings = Settings::default();
        let mut content = Content::new(&settings, 10);
        for _ in 0..HASHED_PER_BYTE_MAX {
            content.attach(&Head::default(), "a/b", &[0; 10]);
        }
        assert!(!content.defects.has(Defect::AttachmentsBeyondLimit));
        content.attach(&Head::default(), "a/b", &[0; 10]);
        assert!(content.defects.has(Defect::AttachmentsBeyondLimit));
    }
}
