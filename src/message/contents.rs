//! The content of an attached file, and what it is when read as text, page or message.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::{Attachment, Defect, Link, Message, Settings, attachment, encoding, html, parse};

/// The content of a file, where it was kept; the message that it may be is read when first asked for.
#[derive(Clone, Default)]
pub struct Contents {
    bytes: Option<Arc<[u8]>>,
    message: OnceLock<Option<Box<Message>>>,
    derived: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Contents {
    /// Content that is kept.
    pub fn kept(bytes: &[u8]) -> Self {
        Self { bytes: Some(Arc::from(bytes)), ..Self::default() }
    }
}

impl PartialEq for Contents {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Contents {}

impl fmt::Debug for Contents {
    /// Says only how much there is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Contents({:?})", self.bytes.as_ref().map(|bytes| bytes.len()))
    }
}

/// What a reader sees of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Its visible text.
    pub visible: String,
    /// Its links: those of elements first, then those of running text.
    pub links: Vec<Link>,
}

/// Reads a page that is no part of the body, within the usual limits.
pub fn read_page(source: &str) -> Page {
    let limits = Settings::default();
    let source = &source[..source.floor_char_boundary(limits.html_bytes_max)];
    let page = html::read(source, limits.text_bytes_max, limits.links_max);
    let mut links = page.links;
    links.extend(page.bare);
    Page { visible: page.visible.trim_end().to_owned(), links }
}

impl Attachment {
    /// The content; `None` where it was too large to be kept.
    pub fn content(&self) -> Option<&[u8]> {
        self.contents.bytes.as_deref()
    }

    /// A file that stands in another; without content where it could only be listed, and then of so many bytes.
    pub fn found(name: &str, content: Option<Vec<u8>>, bytes: usize) -> Self {
        let mut file = attachment::describe(name, "", false, content.as_deref().unwrap_or_default());
        match content {
            Some(content) => file.contents.bytes = Some(Arc::from(content)),
            None => file.bytes = bytes,
        }
        file
    }

    /// What a room that stands below made of the file, once for as long as the file is kept; `None` where something of
    /// another type was made of it before.
    pub fn derived<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Option<&T> {
        self.contents.derived.get_or_init(|| Arc::new(make())).downcast_ref()
    }

    /// The content as text, by the first of the character sets in which all of it can be read, else by what it seems to
    /// be; `None` where it was not kept.
    pub fn text(&self, charsets: &[String]) -> Option<Cow<'_, str>> {
        let content = self.content()?;
        for charset in charsets {
            let mut broken = false;
            let text = encoding::text(content, charset, &mut broken);
            if !broken {
                return Some(text);
            }
        }
        Some(encoding::text(content, "", &mut false))
    }

    /// The message that the file is, within the usual limits; `None` where it is none or was not kept.
    pub fn message(&self) -> Option<&Message> {
        let read = || {
            let message = parse(self.content()?, &Settings::default());
            (!message.defects.contains(&Defect::NoHeaders)).then(|| Box::new(message))
        };
        self.contents.message.get_or_init(read).as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: a@partner.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
        Content-Type: message/rfc822\n\nFrom: c@third.example\nSubject: Inner\n\nHello\n--b\n\
        Content-Type: text/html\nContent-Disposition: attachment; filename=p.html\n\n\
        <p>See <a href=\"https://third.example/\">this</a></p>\n--b--\n";

    #[test]
    fn an_attached_message_and_page_can_be_read() {
        let message = parse(MAIL.as_bytes(), &Settings::default());
        let [inner, page] = message.attachments.as_slice() else { panic!("two files: {:?}", message.attachments) };
        assert_eq!(inner.message().map(|inner| inner.subject.as_str()), Some("Inner"));
        let text = page.text(&[]).expect("kept");
        let page = read_page(&text);
        assert_eq!((page.visible.as_str(), page.links.len()), ("See this", 1));
    }

    #[test]
    fn content_is_kept_up_to_its_limit() {
        let kept = |contents_bytes_max| {
            let settings = Settings { contents_bytes_max, ..Settings::default() };
            parse(MAIL.as_bytes(), &settings).attachments.iter().filter(|file| file.content().is_some()).count()
        };
        let all = parse(MAIL.as_bytes(), &Settings::default()).attachments.iter().map(|file| file.bytes).sum();
        assert_eq!(kept(all), 2);
        assert_eq!(kept(all - 1), 1);
        assert_eq!(kept(0), 0);
    }

    #[test]
    fn what_is_made_of_a_file_is_made_once() {
        let file = Attachment::found("a.txt", Some(b"words".to_vec()), 0);
        assert_eq!(file.derived(|| 1), Some(&1));
        assert_eq!(file.derived(|| 2), Some(&1));
        assert_eq!(file.derived(|| "another type"), None);
        let listed = Attachment::found("b.EXE", None, 7);
        assert_eq!((listed.bytes, listed.extension.as_str(), listed.content()), (7, "exe", None));
    }

    #[test]
    fn what_is_no_message_is_none() {
        let file = Attachment { contents: Contents::kept(b"just words"), ..Attachment::default() };
        assert!(file.message().is_none());
        assert_eq!(file.text(&["utf-8".to_owned()]).as_deref(), Some("just words"));
        assert_eq!(Attachment::default().text(&[]), None);
    }
}
