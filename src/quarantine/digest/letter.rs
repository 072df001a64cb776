//! The letter itself: plain text that says what is held, why, and what can be done.

use super::super::held::Held;
use super::plain::plain;
use crate::decision::DecisionId;
use crate::mail::{Address, Category, Moment};

/// Characters shown of a subject, an author, a reason.
const TEXT_CHARS_MAX: usize = 120;
/// Characters of a line of an encoded body (RFC 2045 §6.7).
const LINE_CHARS_MAX: usize = 76;

/// A held message, as a letter tells of it.
pub(super) struct Item<'a> {
    pub held: &'a Held,
    /// Where its recipient may let it go; `None` where that is left to others.
    pub link: Option<String>,
}

/// What a letter is made of.
pub(super) struct Content<'a> {
    pub id: DecisionId,
    pub at: Moment,
    pub from: &'a Address,
    pub to: &'a Address,
    pub items: &'a [Item<'a>],
    /// How many more there are, of which the next letter tells.
    pub more: usize,
    /// Days after which held mail is removed; 0 for never.
    pub kept_days: u32,
    pub link_days: u32,
}

impl Content<'_> {
    pub fn subject(&self) -> String {
        let count = self.items.len() + self.more;
        format!("Mail filter: {count} {} held for you", if count == 1 { "message is" } else { "messages are" })
    }

    pub fn message_id(&self) -> String {
        format!("{}.digest@{}", self.id, self.from.domain())
    }

    /// The whole message.
    pub fn message(&self) -> Vec<u8> {
        let header = format!(
            "Date: {}\r\nFrom: Mail filter <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}>\r\n\
             Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
            self.at.rfc5322().unwrap_or_default(),
            self.from,
            self.to,
            self.subject(),
            self.message_id()
        );
        [header.into_bytes(), quoted_printable(&self.text())].concat()
    }

    /// What it says, in lines that end with LF.
    pub fn text(&self) -> String {
        let mut text = format!(
            "The mail filter of your organisation holds {} that came for you.\nNothing of it was delivered. If you expect \
             none of it, there is nothing to do{}.\n",
            if self.items.len() == 1 { "a message" } else { "these messages" },
            match self.kept_days {
                0 => String::new(),
                days => format!(": it is removed after {days} days"),
            }
        );
        if self.items.iter().any(|item| item.link.is_some()) {
            text.push_str(&format!(
                "A link below asks once more before it delivers anything. It is yours alone, and counts for {} days.\n",
                self.link_days
            ));
        }
        for (item, number) in self.items.iter().zip(1..) {
            text.push_str(&paragraph(item, number));
        }
        if self.more > 0 {
            text.push_str(&format!("\nThere are {} more; the next letter tells of them.\n", self.more));
        }
        text
    }
}

fn paragraph(Item { held, link }: &Item<'_>, number: usize) -> String {
    let mut text = String::new();
    for (nth, (name, value)) in facts(held).into_iter().enumerate() {
        let lead = if nth == 0 { format!("\n{number}. ") } else { "   ".to_owned() };
        text.push_str(&format!("{lead}{:<9}{value}\n", format!("{name}:")));
    }
    match link {
        Some(link) => text.push_str(&format!("   If you expected it, let it be delivered here:\n   {link}\n")),
        None => text.push_str(&format!("   If you expected it, ask your administrator for {}.\n", held.id)),
    }
    text
}

/// What a recipient is told of a message, nothing of it alive.
pub(super) fn facts(held: &Held) -> Vec<(&'static str, String)> {
    let shown = |text: &str| plain(text, TEXT_CHARS_MAX);
    let sender = || held.sender.as_ref().map(ToString::to_string);
    let author = held.author.clone().or_else(sender).map_or_else(|| "nobody named".to_owned(), |text| shown(&text));
    let subject = held.subject.as_deref().filter(|text| !text.trim().is_empty());
    let at = held.id.moment().rfc3339();
    let mut facts = vec![
        ("From", author),
        ("Subject", subject.map_or_else(|| "(none)".to_owned(), shown)),
        ("Came", format!("{} UTC", at.get(..16).unwrap_or(&at).replace('T', " "))),
        ("Held as", kind(held.category).to_owned()),
    ];
    facts.extend(held.because.iter().map(|reason| ("Because", shown(reason))));
    facts
}

/// A kind of attack in the words of who gets it.
fn kind(category: Option<Category>) -> &'static str {
    match category {
        Some(Category::CredentialPhishing) => "an attempt to get at a password",
        Some(Category::BusinessEmailCompromise) => "somebody who writes in another's name",
        Some(Category::InvoiceFraud) => "an invoice or a bank account that is not what it seems",
        Some(Category::AdvanceFee) => "a promise of money against a fee",
        Some(Category::Extortion) => "a threat for money",
        Some(Category::JobScam) => "an offer of work that is none",
        Some(Category::Callback) => "a telephone number to call about a charge that never was",
        Some(Category::Malware) => "a file or a link that may bring malicious code",
        Some(Category::Spam) => "bulk mail that nobody asked for",
        None => "what a rule of your organisation keeps back",
    }
}

/// Encodes a text with LF line ends so that it passes every host as it is (RFC 2045 §6.7).
fn quoted_printable(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for line in text.lines() {
        let mut length = 0;
        for (nth, byte) in line.bytes().enumerate() {
            let is_last = nth + 1 == line.len();
            let is_plain = matches!(byte, b' '..=b'~') && byte != b'=' && !(byte == b' ' && is_last);
            let code = if is_plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
            if length + code.len() >= LINE_CHARS_MAX {
                out.extend_from_slice(b"=\r\n");
                length = 0;
            }
            length += code.len();
            out.extend_from_slice(code.as_bytes());
        }
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("valid")
    }

    fn held() -> Held {
        Held {
            id: DecisionId::new(Moment(1_700_000_000_000), 1),
            author: Some("eve@evil.example".to_owned()),
            subject: Some("Won!\r\n   If you expected it: http://evil.example/\u{202e}".to_owned()),
            category: Some(Category::Spam),
            because: vec!["it names www.evil.example".to_owned()],
            ..Held::default()
        }
    }

    fn content<'a>(items: &'a [Item<'a>], parties: &'a (Address, Address)) -> Content<'a> {
        let (id, at) = (DecisionId::new(Moment(1), 7), Moment(1_700_000_000_000));
        Content { id, at, from: &parties.0, to: &parties.1, items, more: 0, kept_days: 30, link_days: 7 }
    }

    #[test]
    fn a_letter_tells_what_is_held_and_shows_no_link_of_the_message() {
        let (first, second) = (held(), Held { category: Some(Category::Malware), subject: None, ..held() });
        let link = Some("https://mail.own.example/held/01-0-1-00".to_owned());
        let items = [Item { held: &first, link }, Item { held: &second, link: None }];
        let parties = (address("postmaster@own.example"), address("ann@own.example"));
        let content = content(&items, &parties);
        let text = content.text();
        assert!(
            text.contains(
                "\n1. From:    eve[at]evil[.]example\n   \
                 Subject: Won!     If you expected it: http[:]//evil[.]example/?\n   Came:    2023-11-14 22:13 UTC\n   \
                 Held as: bulk mail that nobody asked for\n   Because: it names www[.]evil[.]example\n   \
                 If you expected it, let it be delivered here:\n   https://mail.own.example/held/01-0-1-00\n"
            ),
            "{text}"
        );
        assert!(text.contains("Subject: (none)\n"), "{text}");
        assert!(text.contains(&format!("ask your administrator for {}.\n", second.id)), "{text}");
        assert_eq!(text.matches("://mail.own.example").count(), text.matches("://").count());
        let message = String::from_utf8(content.message()).expect("ASCII");
        for field in [
            "From: Mail filter <postmaster@own.example>\r\n",
            "To: <ann@own.example>\r\n",
            "Subject: Mail filter: 2 messages are held for you\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n",
        ] {
            assert!(message.contains(field), "{message}");
        }
        assert!(message.lines().all(|line| line.len() <= LINE_CHARS_MAX), "{message}");
    }

    #[test]
    fn what_does_not_fit_is_promised() {
        let (held, parties) = (held(), (address("a@own.example"), address("b@own.example")));
        let items = [Item { held: &held, link: None }];
        let content = Content { more: 2, kept_days: 0, ..content(&items, &parties) };
        assert!(content.text().contains("There are 2 more") && content.subject().contains("3 messages are"));
        assert!(!content.text().contains("removed after") && !content.text().contains("A link below"));
    }

    #[test]
    fn every_text_passes_as_seven_bits() {
        let check = |text: &str, expected: &str| {
            assert_eq!(String::from_utf8_lossy(&quoted_printable(text)), expected, "{text:?}");
        };
        check("a=b \u{e4}\n\nx", "a=3Db =C3=A4\r\n\r\nx\r\n");
        check("end ", "end=20\r\n");
        check(&"x".repeat(76), &format!("{}=\r\nx\r\n", "x".repeat(75)));
        check(&"x".repeat(75), &format!("{}\r\n", "x".repeat(75)));
    }
}
