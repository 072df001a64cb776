//! The mail that is sent: real messages with the envelopes that they tell of, as frames of the milter protocol.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use kith::filter::Origin;
use kith::mail::{Envelope, Organisation};
use kith::mailbox;
use kith::message::{self, header_fields};

/// Longest piece of a body in one frame (`MILTER_CHUNK_SIZE`).
const CHUNK_BYTES: usize = 65_535;

/// Most addresses in one SPF record: what has more is a forged name, not a host's.
const CLIENTS_MAX: usize = 8;

/// Recipient of what names none.
const RECIPIENT: &str = "postmaster@kith.test";

/// One message to send.
pub struct Letter {
    /// As it was stored, CRLF line ends.
    pub raw: Vec<u8>,
    /// Client, HELO, reverse-path and first recipient, by the header.
    pub envelope: Envelope,
    /// Domain of the author.
    author: Option<String>,
    /// The session up to the recipient, as frames.
    pub opening: Vec<u8>,
    /// The content and its end, as frames.
    pub content: Vec<u8>,
}

impl Letter {
    /// Reads the first `count` messages below the paths, in their order.
    ///
    /// # Panics
    /// A file cannot be read.
    pub fn read(paths: &[PathBuf], count: usize) -> Vec<Self> {
        let stored = mailbox::read(paths).take(count);
        stored.map(|one| Self::new(one.unwrap_or_else(|error| panic!("{error}")).raw)).collect()
    }

    fn new(raw: Vec<u8>) -> Self {
        let raw = without_mbox_line(raw);
        let parsed = message::parse(&raw, &message::Settings::default());
        let origin = Origin { received_client: true, ..Origin::default() };
        let mut envelope = origin.envelope(&parsed, &Organisation::default());
        envelope.recipients.truncate(1);
        let author = parsed.author().map(|author| author.domain().as_str().to_owned());
        let (opening, content) = (opening(&envelope), content(&raw));
        Self { raw, envelope, author, opening, content }
    }

    /// Reverse-path, without brackets.
    pub fn sender(&self) -> String {
        self.envelope.sender.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// The one forward-path.
    pub fn recipient(&self) -> String {
        self.envelope.recipients.first().map_or_else(|| RECIPIENT.to_owned(), ToString::to_string)
    }
}

/// A zone in which every sender's domain names the hosts that send for it, and every author's domain has a policy: the
/// domains of these old messages publish nothing any more, those of today's mail do.
pub fn zone(letters: &[Letter]) -> String {
    let mut clients = BTreeMap::<&str, BTreeSet<String>>::new();
    for letter in letters {
        let Some(sender) = &letter.envelope.sender else { continue };
        let known = clients.entry(sender.domain().as_str()).or_default();
        known.extend(letter.envelope.client.filter(|ip| ip.is_ipv4()).map(|ip| format!(" ip4:{ip}")));
    }
    let spf = clients.into_iter().map(|(domain, addresses)| {
        let addresses: String = addresses.into_iter().take(CLIENTS_MAX).collect();
        format!("{domain} TXT \"v=spf1{addresses} ~all\"\n")
    });
    let authors: BTreeSet<&str> = letters.iter().filter_map(|letter| letter.author.as_deref()).collect();
    let dmarc = authors.into_iter().map(|domain| format!("_dmarc.{domain} TXT \"v=DMARC1; p=none\"\n"));
    spf.chain(dmarc).collect()
}

/// The line with which an mbox file starts each message is not part of it.
fn without_mbox_line(mut raw: Vec<u8>) -> Vec<u8> {
    if raw.starts_with(b"From ") {
        let end = raw.iter().position(|&byte| byte == b'\n').map_or(raw.len(), |at| at + 1);
        raw.drain(..end);
    }
    raw
}

/// What Postfix's smtpd tells: connection, HELO, and the envelope, each with its macros.
fn opening(envelope: &Envelope) -> Vec<u8> {
    let mut out = Vec::new();
    let name = envelope.client_name.as_deref().unwrap_or("unknown");
    let address = envelope.client.map(|ip| ip.to_string());
    let shown = address.as_deref().unwrap_or("unknown");
    macros(&mut out, b'C', &[("j", "mx.kith.test"), ("_", &format!("{name} [{shown}]")), ("{client_addr}", shown)]);
    let mut connect = strings(&[name]);
    match &address {
        Some(address) => {
            connect.push(if address.contains(':') { b'6' } else { b'4' });
            connect.extend(25_u16.to_be_bytes());
            connect.extend(strings(&[address]));
        }
        None => connect.push(b'U'),
    }
    frame(&mut out, b'C', &connect);
    if let Some(helo) = &envelope.helo {
        frame(&mut out, b'H', &strings(&[helo]));
    }
    let sender = envelope.sender.as_ref().map(ToString::to_string).unwrap_or_default();
    frame(&mut out, b'M', &strings(&[&format!("<{sender}>")]));
    macros(&mut out, b'R', &[("i", "4XkithBench")]);
    let recipient = envelope.recipients.first().map_or_else(|| RECIPIENT.to_owned(), ToString::to_string);
    frame(&mut out, b'R', &strings(&[&format!("<{recipient}>")]));
    out
}

/// What Postfix's cleanup tells: header fields with LF between their lines and the space behind the colon, and the body.
fn content(raw: &[u8]) -> Vec<u8> {
    let (mut out, mut end) = (Vec::new(), 0);
    for field in header_fields(raw) {
        let value: Vec<u8> = field.value.iter().copied().filter(|byte| !matches!(byte, b'\r' | 0)).collect();
        frame(&mut out, b'L', &[field.name, b"\0", &value, b"\0"].concat());
        end = field.value.as_ptr() as usize - raw.as_ptr() as usize + field.value.len();
    }
    frame(&mut out, b'N', &[]);
    let rest = raw[end..].strip_prefix(b"\r\n").unwrap_or(&raw[end..]);
    let body = rest.strip_prefix(b"\r\n").unwrap_or(rest);
    body.chunks(CHUNK_BYTES).for_each(|chunk| frame(&mut out, b'B', chunk));
    macros(&mut out, b'E', &[("i", "4XkithBench")]);
    frame(&mut out, b'E', &[]);
    out
}

fn macros(out: &mut Vec<u8>, stage: u8, pairs: &[(&str, &str)]) {
    let pairs: Vec<u8> = pairs.iter().flat_map(|(name, value)| strings(&[name, value])).collect();
    frame(out, b'D', &[&[stage], &pairs[..]].concat());
}

/// Texts, each ended by NUL.
fn strings(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| text.bytes().filter(|byte| *byte != 0).chain([0])).collect()
}

/// Appends a frame: length, letter, payload.
pub fn frame(out: &mut Vec<u8>, letter: u8, payload: &[u8]) {
    let length = u32::try_from(payload.len() + 1).expect("payloads are below 4 GiB");
    out.extend(length.to_be_bytes());
    out.push(letter);
    out.extend(payload);
}
