//! A message while it comes: envelope and raw bytes, within the limits.

use std::fmt;

use super::settings::Settings;
use crate::mail::Address;

/// Room for a message when its first byte comes: more than the mean message (5 KB) needs, so that most never grow.
const RAW_BYTES_FIRST: usize = 8_192;

/// A limit that a message went beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beyond {
    /// The key of the setting.
    pub setting: &'static str,
    /// Its value.
    pub max: usize,
}

impl fmt::Display for Beyond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "beyond {} = {}", self.setting, self.max)
    }
}

/// How large a message may be (see [`Settings`]).
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    message_bytes_max: usize,
    headers_max: usize,
    header_bytes_max: usize,
    recipients_max: usize,
}

impl From<&Settings> for Limits {
    fn from(settings: &Settings) -> Self {
        Self {
            message_bytes_max: settings.message_bytes_max,
            headers_max: settings.headers_max,
            header_bytes_max: settings.header_bytes_max,
            recipients_max: settings.recipients_max,
        }
    }
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Envelope,
    Header,
    Body,
}

/// A message that is being received.
#[derive(Debug)]
pub(super) struct Draft {
    limits: Limits,
    stage: Stage,
    /// The reverse-path; `None` for the null sender and for what is no address.
    pub(super) sender: Option<Address>,
    /// Forward-paths that are addresses.
    pub(super) recipients: Vec<Address>,
    /// Paths that are neither an address nor the null sender.
    pub(super) unread_paths: usize,
    /// How many RCPT commands came, readable or not.
    recipients_told: usize,
    recipient_bytes: usize,
    headers: usize,
    raw: Vec<u8>,
    beyond: Option<Beyond>,
}

impl Draft {
    /// A message of this reverse-path.
    pub(super) fn new(sender: &[u8], limits: Limits) -> Self {
        Self {
            limits,
            stage: Stage::Envelope,
            sender: address(sender),
            unread_paths: usize::from(!is_null(sender) && address(sender).is_none()),
            recipients: Vec::new(),
            recipients_told: 0,
            recipient_bytes: 0,
            headers: 0,
            raw: Vec::new(),
            beyond: None,
        }
    }

    /// Takes a forward-path; `false` when the content has begun and it comes too late.
    pub(super) fn recipient(&mut self, path: &[u8]) -> bool {
        if self.stage != Stage::Envelope {
            return false;
        }
        self.recipients_told += 1;
        if self.recipients_told > self.limits.recipients_max {
            self.give_up("recipients_max", self.limits.recipients_max);
        } else if let Some(address) = address(path) {
            self.recipient_bytes += path.len() + size_of::<Address>();
            self.recipients.push(address);
        } else {
            self.unread_paths += 1;
        }
        true
    }

    /// Whether the envelope is complete: a reverse-path and at least one forward-path.
    pub(super) fn has_envelope(&self) -> bool {
        self.recipients_told > 0
    }

    /// Takes a header field; `false` when the body has begun. `spaced` says that the value has the white space behind
    /// the colon; otherwise the MTA took one space away, and it is given back, where the value has none of its own.
    pub(super) fn header(&mut self, name: &[u8], value: &[u8], spaced: bool) -> bool {
        if self.stage == Stage::Body {
            return false;
        }
        self.stage = Stage::Header;
        self.headers += 1;
        if self.headers > self.limits.headers_max {
            self.give_up("headers_max", self.limits.headers_max);
        } else if self.raw.len() + name.len() + value.len() + 3 > self.limits.header_bytes_max {
            self.give_up("header_bytes_max", self.limits.header_bytes_max);
        }
        if !self.make_room(name.len() + value.len() + 4) {
            return true;
        }
        self.raw.extend_from_slice(name);
        self.raw.push(b':');
        if !spaced && !value.first().is_some_and(u8::is_ascii_whitespace) {
            self.raw.push(b' ');
        }
        push_lines(&mut self.raw, value);
        self.raw.extend_from_slice(b"\r\n");
        true
    }

    /// Ends the header, once.
    pub(super) fn end_header(&mut self) {
        if self.stage < Stage::Body {
            self.stage = Stage::Body;
            if self.make_room(2) {
                self.raw.extend_from_slice(b"\r\n");
            }
        }
    }

    /// Takes a run of the body.
    pub(super) fn body(&mut self, run: &[u8]) {
        self.end_header();
        if self.make_room(run.len()) {
            self.raw.extend_from_slice(run);
        }
    }

    /// Gives the content up: what was taken is freed, what comes is dropped. The first limit counts.
    pub(super) fn give_up(&mut self, setting: &'static str, max: usize) {
        self.raw = Vec::new();
        self.recipients = Vec::new();
        self.recipient_bytes = 0;
        self.beyond = self.beyond.or(Some(Beyond { setting, max }));
    }

    /// The limit beyond which the message went, where it did.
    pub(super) fn beyond(&self) -> Option<Beyond> {
        self.beyond
    }

    /// Bytes of memory that the message holds.
    pub(super) fn held_bytes(&self) -> usize {
        self.raw.capacity() + self.recipient_bytes
    }

    /// The raw message.
    pub(super) fn into_raw(self) -> Vec<u8> {
        self.raw
    }

    /// Whether `more` bytes may be added; makes the first allocation a useful one.
    fn make_room(&mut self, more: usize) -> bool {
        if self.beyond.is_none() && self.raw.len() + more > self.limits.message_bytes_max {
            self.give_up("message_bytes_max", self.limits.message_bytes_max);
        }
        if self.beyond.is_none() && self.raw.capacity() == 0 {
            self.raw.reserve(RAW_BYTES_FIRST.min(self.limits.message_bytes_max).max(more));
        }
        self.beyond.is_none()
    }
}

/// A path as an address; `None` for the null path and for what is none.
fn is_null(path: &[u8]) -> bool {
    matches!(path.trim_ascii(), b"" | b"<>")
}

fn address(path: &[u8]) -> Option<Address> {
    std::str::from_utf8(path).ok().and_then(Address::parse)
}

/// Appends a header value. MTAs separate folded lines by LF alone; in the message lines end in CRLF.
fn push_lines(out: &mut Vec<u8>, value: &[u8]) {
    let mut rest = value;
    while let Some(at) = rest.iter().position(|&b| b == b'\n') {
        out.extend_from_slice(&rest[..at]);
        if out.last() != Some(&b'\r') {
            out.push(b'\r');
        }
        out.push(b'\n');
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(change: impl FnOnce(&mut Settings)) -> Draft {
        let mut settings = Settings::default();
        change(&mut settings);
        Draft::new(b"<anna@example.org>", Limits::from(&settings))
    }

    fn check(name: &str, value: &str, spaced: bool, expected: &str) {
        let mut draft = draft(|_| ());
        assert!(draft.header(name.as_bytes(), value.as_bytes(), spaced));
        assert_eq!(String::from_utf8(draft.into_raw()).expect("text"), expected);
    }

    #[test]
    fn header_fields_keep_their_bytes() {
        check("Subject", " hello", true, "Subject: hello\r\n");
        check("Subject", "hello", true, "Subject:hello\r\n");
        check("Subject", "  two", true, "Subject:  two\r\n");
        check("Subject", "", true, "Subject:\r\n");
        check("Received", " from a\n\tby b\n  for c", true, "Received: from a\r\n\tby b\r\n  for c\r\n");
        check("Received", " from a\r\n\tby b", true, "Received: from a\r\n\tby b\r\n");
        check("X", " lone\rreturn", true, "X: lone\rreturn\r\n");
    }

    #[test]
    fn a_space_that_the_mta_took_is_given_back() {
        check("Subject", "hello", false, "Subject: hello\r\n");
        check("Subject", "", false, "Subject: \r\n");
        check("Subject", "\thello", false, "Subject:\thello\r\n");
        check("Subject", "\n hello", false, "Subject:\r\n hello\r\n");
    }

    #[test]
    fn an_empty_line_stands_before_the_body() {
        let mut message = draft(|_| ());
        message.header(b"A", b" b", true);
        message.body(b"text\r\n");
        message.end_header();
        assert!(!message.header(b"C", b" d", true), "too late");
        assert!(!message.recipient(b"<x@example.org>"), "too late");
        assert_eq!(message.into_raw(), b"A: b\r\n\r\ntext\r\n");
    }

    #[test]
    fn the_null_sender_is_none() {
        assert_eq!(Draft::new(b"<>", Limits::from(&Settings::default())).sender, None);
        assert_eq!(draft(|_| ()).sender.map(|s| s.to_string()).as_deref(), Some("anna@example.org"));
    }

    #[test]
    fn paths_that_are_no_address_are_counted() {
        let unread = |sender: &[u8], recipient: &[u8]| {
            let mut message = Draft::new(sender, Limits::from(&Settings::default()));
            assert!(message.recipient(recipient));
            message.unread_paths
        };
        assert_eq!(unread(b"<>", b"<anna@example.org>"), 0);
        assert_eq!(unread(b"<a@b.example>", b"<postmaster>"), 1);
        assert_eq!(unread(b"<a@[192.0.2.1]>", b"<a@[192.0.2.1]>"), 2);
    }

    fn is_beyond(mut draft: Draft, feed: impl FnOnce(&mut Draft), expected: Option<&str>) {
        feed(&mut draft);
        assert_eq!(draft.beyond().map(|b| b.setting), expected);
        assert!(expected.is_none() || draft.held_bytes() == 0, "what is given up is freed");
    }

    #[test]
    fn a_message_has_limits() {
        let bytes = |max| draft(move |s| s.message_bytes_max = max);
        is_beyond(bytes(12), |d| d.body(b"0123456789"), None);
        is_beyond(bytes(11), |d| d.body(b"0123456789"), Some("message_bytes_max"));
        let fields = |max| draft(move |s| s.headers_max = max);
        let two = |d: &mut Draft| assert!(d.header(b"A", b" b", true) && d.header(b"A", b" b", true));
        is_beyond(fields(2), two, None);
        is_beyond(fields(1), two, Some("headers_max"));
        let header = |max| draft(move |s| s.header_bytes_max = max);
        is_beyond(header(12), two, None);
        is_beyond(header(11), two, Some("header_bytes_max"));
        let recipients = |max| draft(move |s| s.recipients_max = max);
        let pair = |d: &mut Draft| assert!(d.recipient(b"<a@example.org>") && d.recipient(b"unreadable"));
        is_beyond(recipients(2), pair, None);
        is_beyond(recipients(1), pair, Some("recipients_max"));
    }

    #[test]
    fn the_first_limit_counts_and_nothing_is_taken_behind_it() {
        let mut message = draft(|s| s.headers_max = 1);
        message.header(b"A", b" b", true);
        message.header(b"A", b" b", true);
        message.body(&[b'x'; 1_000]);
        message.give_up("in_flight_bytes_max", 1);
        assert_eq!(message.beyond().map(|b| b.to_string()).as_deref(), Some("beyond headers_max = 1"));
        assert!(message.into_raw().is_empty());
    }
}
