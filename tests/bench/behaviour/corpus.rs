//! The chronological corpus: real letters, with what has to be known to send them again.

use std::path::PathBuf;

use kith::mail::{Address, Mailbox, Moment};
use kith::message::{self, Message};
use kith::{filter, mailbox};

/// Fields that the archive added, or that are made anew for each replay.
const LEFT_OUT: &[&str] = &["bcc", "message-id", "date", "from", "return-path", "authentication-results"];

/// A real letter.
pub struct Letter {
    pub at: Moment,
    /// Author and display name.
    pub from: Mailbox,
    /// The addresses of To and Cc.
    pub to: Vec<Address>,
    pub subject: String,
    /// The text, for a quotation.
    pub text: String,
    /// In whose mailbox it lay; empty where nobody says.
    pub owner: String,
    /// Whether it bears no trace of its way: its infrastructure must be made up.
    pub is_bare: bool,
    /// The header fields that stay, and the body; for one that is not bare, all of it.
    pub header: Vec<u8>,
    pub body: Vec<u8>,
    pub message_id: String,
}

/// Reads the letters of all files, in the order of their dates. Those without author or date are left out.
pub fn load(paths: &[PathBuf]) -> Vec<Letter> {
    let mut letters: Vec<Letter> = mailbox::read(paths).filter_map(|stored| letter(stored.ok()?.raw)).collect();
    letters.sort_by_key(|letter| letter.at);
    letters
}

fn letter(raw: Vec<u8>) -> Option<Letter> {
    let message = message::parse(&raw, &message::Settings::default());
    let at = filter::came_at(&message)?;
    let address = message.author()?.clone();
    let is_bare = message.hops.is_empty();
    let display_name =
        if is_bare { message.header("X-From").map(name).unwrap_or_default() } else { message.author_name().to_owned() };
    let end = raw.windows(4).position(|four| four == b"\r\n\r\n").map_or(raw.len(), |at| at + 4);
    let header = if is_bare { kept(&raw[..end]) } else { raw[..end].to_vec() };
    let to = message.to.iter().chain(&message.cc).filter_map(|mailbox| mailbox.address.clone());
    Some(Letter {
        at,
        from: Mailbox { display_name, address: Some(address) },
        to: to.collect(),
        subject: message.subject.clone(),
        text: message.texts.shown().chars().take(1_500).collect(),
        owner: message.header("X-Origin").unwrap_or_default().to_lowercase(),
        is_bare,
        header,
        body: raw[end..].to_vec(),
        message_id: identity(&message),
    })
}

fn identity(message: &Message) -> String {
    message.message_id.clone().unwrap_or_default()
}

/// The header fields that stay.
fn kept(header: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(header.len());
    for field in message::header_fields(header) {
        let name = String::from_utf8_lossy(field.name).trim().to_lowercase();
        if !name.starts_with("x-") && !LEFT_OUT.contains(&name.as_str()) {
            kept.extend_from_slice(field.name);
            kept.push(b':');
            kept.extend_from_slice(field.value.trim_ascii_end());
            kept.extend_from_slice(b"\r\n");
        }
    }
    kept
}

/// The display name in the archive's own field: `Muster, Anna </O=EX/CN=ANNA>`, `"Muster, Anna" <anna@example.org>@EX`.
fn name(field: &str) -> String {
    let text = field.split('<').next().unwrap_or_default().trim().trim_matches(['"', '\'']).trim();
    let is_name = !text.contains(['@', '/', '\\']) && text.chars().any(char::is_alphabetic);
    if is_name { text.replace('"', "") } else { String::new() }
}
