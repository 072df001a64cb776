//! The values of which a parsed message is made.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Contents, Numbers};
use crate::mail::{Address, Domain, Mailbox, Moment};

/// Limits of parsing. What lies beyond one is not read, and a [`Defect`] says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Header fields read.
    pub headers_max: usize,
    /// Bytes read of one header field.
    pub header_bytes_max: usize,
    /// Mailboxes kept of each of From, Reply-To, To and Cc.
    pub mailboxes_max: usize,
    /// Parts of the MIME tree.
    pub parts_max: usize,
    /// Depth of the MIME tree, attached messages included.
    pub depth_max: usize,
    /// Bytes of text kept of each of the plain and the visible text.
    pub text_bytes_max: usize,
    /// Bytes of HTML parsed.
    pub html_bytes_max: usize,
    /// Links kept.
    pub links_max: usize,
    /// Attachments described.
    pub attachments_max: usize,
    /// Bytes of attached files that are kept, so that rules can look into them; a file beyond is only described. 0 keeps
    /// no source of HTML either.
    pub contents_bytes_max: usize,
}

impl Settings {
    /// The same limits, keeping no content: for judging, after which nothing looks into a file again.
    pub fn keeping_no_content(&self) -> Self {
        Self { contents_bytes_max: 0, ..self.clone() }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // Mail that passed many filters has 150.
            headers_max: 1_000,
            // Postfix lets pass 102,400 (header_size_limit), Sendmail 32,768; To fields of large lists reach 40,000.
            header_bytes_max: 65_536,
            // More recipients than these tell nothing more.
            mailboxes_max: 1_000,
            // Ordinary mail has fewer than 30 parts; a digest a few hundred.
            parts_max: 500,
            // Postfix's mime_nesting_limit is 100; honest mail stays below 10.
            depth_max: 20,
            // A long newsletter has 100 kB of text; what an attack asks stands in the first few.
            text_bytes_max: 262_144,
            // Large mails of office programs reach 500 kB of HTML.
            html_bytes_max: 1_048_576,
            // A long newsletter has 200 links.
            links_max: 500,
            // As many as a person would look at.
            attachments_max: 100,
            // What hides an attack is a page, an invoice or a letter, seldom beyond 1 MB.
            contents_bytes_max: 4_194_304,
        }
    }
}

/// A header field as it stood, and decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Field name as written.
    pub name: String,
    /// Value, unfolded and decoded (RFC 2047), without the leading space.
    pub value: String,
}

/// One step of the message's way, from a Received field (RFC 5321 §4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hop {
    /// HELO name of the client (`from` clause).
    pub from_helo: Option<String>,
    /// Reverse name of the client, as the receiving host noted it.
    pub from_name: Option<String>,
    /// Address of the client.
    pub from_ip: Option<IpAddr>,
    /// The receiving host (`by` clause).
    pub by: Option<String>,
    /// The protocol (`with` clause), upper case: `ESMTPS`.
    pub with: Option<String>,
    /// When the receiving host says it took the message.
    pub at: Option<Moment>,
}

/// One leaf or node of the MIME tree (RFC 2045), in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Declared media type, lower case: `text/html`.
    pub media_type: String,
    /// Depth in the tree; the root is 0.
    pub depth: usize,
    /// Decoded size in bytes; 0 for a multipart node.
    pub bytes: usize,
}

/// What the reader reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// Text of the text/plain body parts.
    pub plain: String,
    /// Text of the HTML body parts that a reader would see: hidden nodes, scripts and styles are left out.
    pub visible: String,
    /// Decoded source of the HTML body parts, as far as it is parsed; empty where no contents are kept.
    pub html: String,
}

impl Texts {
    /// The text a person would see: the HTML's where there is one (mail programs prefer it), else the plain text.
    pub fn shown(&self) -> &str {
        if self.visible.trim().is_empty() { &self.plain } else { &self.visible }
    }
}

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPlace {
    /// In plain text, or bare in the visible text of HTML.
    Text,
    /// The target of an `a` or `area` element.
    Anchor,
    /// The target of a `form`.
    Form,
    /// What an `img` or the like loads.
    Image,
}

/// A link: where it leads, and what it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The target as written, trimmed.
    pub target: String,
    /// Scheme in lower case: `https`, `mailto`, `data`; empty for a relative target.
    pub scheme: String,
    /// Host name of the target; `None` for an address literal or no host.
    pub host: Option<Domain>,
    /// Address of the target where the host is one.
    pub ip: Option<IpAddr>,
    /// The words that stand for it; empty for an image or none.
    pub label: String,
    /// The host that the label names, where it names one (`www.bank.example` or a whole URL).
    pub label_host: Option<Domain>,
    /// Where it stands.
    pub place: LinkPlace,
}

impl Link {
    /// Whether the label names another registrable domain than the one it leads to.
    pub fn label_differs(&self) -> bool {
        match (&self.label_host, &self.host) {
            (Some(label), Some(host)) => !label.is_aligned_with(host),
            (Some(_), None) => self.ip.is_some(),
            _ => false,
        }
    }
}

/// A file that came with the message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Decoded file name; empty where there is none.
    pub name: String,
    /// Declared media type, lower case.
    pub declared_type: String,
    /// Content-ID without angle brackets; empty where there is none.
    pub content_id: String,
    /// The last extension of the name, lower case without the dot; empty where there is none.
    pub extension: String,
    /// Media type by the file's first bytes; `None` where they tell nothing.
    pub actual_type: Option<&'static str>,
    /// SHA-256 of the decoded content.
    pub sha256: [u8; 32],
    /// Decoded size in bytes.
    pub bytes: usize,
    /// Its declared disposition, lower case (RFC 2183); empty where there is none.
    pub disposition: String,
    /// Whether it is shown within the text (Content-Disposition: inline, or a Content-ID that the HTML names).
    pub inline: bool,
    /// Its content, where that is kept.
    pub contents: Contents,
}

/// Facts of the HTML that the visible text does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtmlFacts {
    /// Whether there is an HTML body part.
    pub present: bool,
    /// Characters of text that no reader sees.
    pub hidden_chars: usize,
    /// Images, remote ones included.
    pub images: usize,
    /// Images loaded from elsewhere (`http`, `https`).
    pub remote_images: usize,
    /// Forms.
    pub forms: usize,
    /// Password fields.
    pub password_fields: usize,
    /// Script elements and event-handler attributes.
    pub scripts: usize,
}

/// What is wrong with a message: evidence, never an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Defect {
    /// No header field at all could be read.
    NoHeaders,
    /// No From field (RFC 5322 §3.6 asks for one).
    FromMissing,
    /// More than one From field.
    FromRepeated,
    /// A From field without any address that can be read.
    FromUnreadable,
    /// More than one of another field that may stand once (To, Subject, Date, Message-ID, Reply-To, Sender).
    HeaderRepeated,
    /// No Date, or one that cannot be read.
    DateMissing,
    /// No Message-ID field.
    MessageIdMissing,
    /// A header field name or structure that RFC 5322 §2.2 does not allow, or a NUL byte in the header.
    HeaderMalformed,
    /// More header fields than `headers_max`, or a longer one than `header_bytes_max`.
    HeadersBeyondLimit,
    /// A multipart without its boundary, or a boundary that is never closed.
    BoundaryBroken,
    /// An encoding or character set that could not be decoded.
    EncodingBroken,
    /// More parts than `parts_max`.
    PartsBeyondLimit,
    /// Deeper than `depth_max`.
    DepthBeyondLimit,
    /// More text than `text_bytes_max` or `html_bytes_max`, or HTML nested deeper than 200 elements.
    TextBeyondLimit,
    /// More links than `links_max`.
    LinksBeyondLimit,
    /// More attachments than `attachments_max`.
    AttachmentsBeyondLimit,
    /// The parser failed on this message; only what could be read without it is here.
    ParserFailed,
}

/// A parsed mail.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// All header fields, top to bottom.
    pub headers: Vec<Header>,
    /// Mailboxes of From.
    pub from: Vec<Mailbox>,
    /// Mailbox of Sender.
    pub sender: Option<Mailbox>,
    /// Mailboxes of Reply-To.
    pub reply_to: Vec<Mailbox>,
    /// Address of Return-Path, where the message carries one.
    pub return_path: Option<Address>,
    /// Mailboxes of To.
    pub to: Vec<Mailbox>,
    /// Mailboxes of Cc.
    pub cc: Vec<Mailbox>,
    /// Decoded subject; empty where there is none.
    pub subject: String,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Message-IDs of In-Reply-To.
    pub in_reply_to: Vec<String>,
    /// Message-IDs of References.
    pub references: Vec<String>,
    /// When the sender says it was written.
    pub date: Option<Moment>,
    /// Received fields, newest (topmost) first.
    pub hops: Vec<Hop>,
    /// The MIME tree.
    pub parts: Vec<Part>,
    /// What the reader reads.
    pub texts: Texts,
    /// What the HTML holds besides.
    pub html: HtmlFacts,
    /// Links, in reading order: first those of HTML elements, then those of running text that are none of them.
    pub links: Vec<Link>,
    /// Attachments, in reading order.
    pub attachments: Vec<Attachment>,
    /// What is wrong with it, each defect once.
    pub defects: Vec<Defect>,
    /// Size of the raw message in bytes.
    pub bytes: usize,
    /// Accounts and telephone numbers in subject and text, read when first asked for.
    pub numbers: Numbers,
}

impl Message {
    /// The first value of a header field, by name without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// All values of a header field, top to bottom.
    pub fn header_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |h| h.name.eq_ignore_ascii_case(name)).map(|h| h.value.as_str())
    }

    /// The author: the first From mailbox that has an address.
    pub fn author(&self) -> Option<&Address> {
        self.from.iter().find_map(|m| m.address.as_ref())
    }

    /// The display name of the first From mailbox; empty where there is none.
    pub fn author_name(&self) -> &str {
        self.from.first().map_or("", |m| m.display_name.as_str())
    }
}
