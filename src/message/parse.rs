//! Raw bytes in, a message out, whatever the bytes are.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::mail::Mailbox;

use super::content::{Content, Head};
use super::defect::Defects;
use super::fields::{Field, header_fields};
use super::{Defect, Header, Message, Settings, hop, idents, mailboxes, mime, words};

/// Parses a message (RFC 5322, MIME). It never fails: what is wrong, missing or beyond a limit is a [`Defect`] of the
/// message. Work and memory grow linearly with the bytes.
pub fn parse(raw: &[u8], settings: &Settings) -> Message {
    guarded(raw, settings, read)
}

/// Runs a parser. If it panics, which would be a fault of ours or of a library, the message still has its header
/// fields, and a defect says what happened.
fn guarded(raw: &[u8], settings: &Settings, parser: fn(&[u8], &Settings) -> Message) -> Message {
    catch_unwind(AssertUnwindSafe(|| parser(raw, settings))).unwrap_or_else(|_| {
        log::error!("the parser failed on a message of {} bytes; it is judged by its raw header alone", raw.len());
        let plain = |bytes: &[u8]| String::from_utf8_lossy(bytes.trim_ascii()).replace(['\r', '\n'], "");
        let headers = header_fields(raw).take(settings.headers_max);
        Message {
            headers: headers.map(|f| Header { name: plain(f.name), value: plain(f.value) }).collect(),
            defects: vec![Defect::ParserFailed],
            bytes: raw.len(),
            ..Message::default()
        }
    })
}

fn read(raw: &[u8], settings: &Settings) -> Message {
    let mut message = Message { bytes: raw.len(), ..Message::default() };
    let mut content = Content::new(settings, raw.len());
    let mut head = Head::default();
    let mut seen = Seen::default();
    let mut fields = header_fields(raw);
    while let Some(field) = fields.next() {
        if message.headers.len() >= settings.headers_max {
            content.defects.note(Defect::HeadersBeyondLimit);
            fields.by_ref().for_each(drop);
            break;
        }
        mime::note_field(&field, &mut head);
        read_field(&field, settings, &mut message, &mut seen, &mut content.defects);
    }
    content.defects.note_if(fields.malformed(), Defect::HeaderMalformed);
    seen.judge(&message, &mut content.defects);
    mime::walk(raw, fields.body_at(), &head, &mut content);
    message.defects = content.finish(&mut message).list();
    message
}

/// How often the fields stood that may stand once (RFC 5322 §3.6).
#[derive(Default)]
struct Seen {
    from: usize,
    to: usize,
    subject: usize,
    date: usize,
    message_id: usize,
    reply_to: usize,
    sender: usize,
    in_reply_to: usize,
    references: usize,
    return_path: usize,
}

impl Seen {
    fn judge(&self, message: &Message, defects: &mut Defects) {
        defects.note_if(message.headers.is_empty(), Defect::NoHeaders);
        defects.note_if(self.from == 0, Defect::FromMissing);
        defects.note_if(self.from > 1, Defect::FromRepeated);
        defects.note_if(self.from > 0 && message.author().is_none(), Defect::FromUnreadable);
        let once = [self.to, self.subject, self.date, self.message_id, self.reply_to, self.sender];
        defects.note_if(once.iter().any(|times| *times > 1), Defect::HeaderRepeated);
        defects.note_if(message.date.is_none(), Defect::DateMissing);
        defects.note_if(self.message_id == 0, Defect::MessageIdMissing);
    }
}

/// Counts a field; whether it is the first of its name.
fn first(times: &mut usize) -> bool {
    *times += 1;
    *times == 1
}

/// Reads one field. Of fields that may stand once the first counts, except From: each author is kept, since programs
/// differ in which they show.
fn read_field(field: &Field<'_>, settings: &Settings, message: &mut Message, seen: &mut Seen, defects: &mut Defects) {
    let mut broken = false;
    let whole = field.value;
    let raw = &whole[..whole.len().min(settings.header_bytes_max)];
    defects.note_if(raw.len() < whole.len(), Defect::HeadersBeyondLimit);
    // NUL is never allowed, not even in the obsolete syntax that readers must accept (RFC 5322 §4).
    defects.note_if(raw.contains(&0), Defect::HeaderMalformed);
    let value = words::decode(raw, &mut broken);
    let mut list = |into: &mut Vec<Mailbox>| {
        into.extend(mailboxes::read(raw, settings.mailboxes_max.saturating_sub(into.len()), &mut broken));
    };
    let name = String::from_utf8_lossy(field.name).into_owned();
    match name.to_ascii_lowercase().as_str() {
        "from" => {
            seen.from += 1;
            list(&mut message.from);
        }
        "to" => {
            seen.to += 1;
            list(&mut message.to);
        }
        "cc" => list(&mut message.cc),
        "reply-to" if first(&mut seen.reply_to) => list(&mut message.reply_to),
        "sender" if first(&mut seen.sender) => {
            message.sender = mailboxes::read(raw, 1, &mut broken).into_iter().next();
        }
        "return-path" if first(&mut seen.return_path) => message.return_path = mailboxes::address(angled(&value)),
        "subject" if first(&mut seen.subject) => message.subject.clone_from(&value),
        "message-id" if first(&mut seen.message_id) => message.message_id = idents::id(&value),
        "in-reply-to" if first(&mut seen.in_reply_to) => message.in_reply_to = idents::ids(&value),
        "references" if first(&mut seen.references) => message.references = idents::ids(&value),
        "date" if first(&mut seen.date) => message.date = idents::date(&value),
        "received" => message.hops.push(hop::read(&value)),
        _ => {}
    }
    defects.note_if(broken, Defect::EncodingBroken);
    message.headers.push(Header { name, value });
}

/// What stands in angle brackets, or all.
fn angled(text: &str) -> &str {
    let inner = text.split_once('<').map_or(text, |(_, rest)| rest);
    inner.split('>').next().unwrap_or(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "From: Anna <a@example.org>\nDate: 1 Jan 2026 00:00:00 +0000\nMessage-ID: <1@x>\n";

    fn message(raw: &str) -> Message {
        parse(raw.as_bytes(), &Settings::default())
    }

    /// The defects of a message.
    fn check(raw: &str, expected: &[Defect]) {
        assert_eq!(message(raw).defects, expected, "{raw}");
    }

    #[test]
    fn fields_are_read() {
        let message = message(
            "Return-Path: <bounce@example.net>\nReceived: from a by b; 1 Jan 2026 00:00:01 +0000\n\
             Received: from c by d\nFrom: =?utf-8?q?J=C3=BCrg?= <j@example.org>\nSender: s@example.org\n\
             Reply-To: r@example.com\nTo: Team: a@example.org, b@example.org;\nCc: c@example.org\n\
             Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nMessage-ID: <1@x>\nIn-Reply-To: <0@x>\nReferences: <a@x> <0@x>\n\
             Date: Thu, 1 Jan 2026 00:00:00 +0000\n\nHello http://example.org/\n",
        );
        assert_eq!(message.defects, []);
        assert_eq!(message.headers.len(), 13);
        assert_eq!(message.header("subject"), Some("Gr\u{fc}\u{df}e"));
        assert_eq!(message.subject, "Gr\u{fc}\u{df}e");
        assert_eq!(message.author_name(), "J\u{fc}rg");
        assert_eq!(message.author().map(ToString::to_string).as_deref(), Some("j@example.org"));
        assert_eq!(message.return_path.map(|a| a.to_string()).as_deref(), Some("bounce@example.net"));
        assert_eq!((message.to.len(), message.cc.len(), message.reply_to.len()), (2, 1, 1));
        assert!(message.sender.is_some());
        assert_eq!(message.message_id.as_deref(), Some("1@x"));
        assert_eq!(message.in_reply_to, ["0@x"]);
        assert_eq!(message.references, ["a@x", "0@x"]);
        assert_eq!(message.date.map(|d| d.rfc3339()).as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(message.hops.iter().filter_map(|h| h.by.as_deref()).collect::<Vec<_>>(), ["b", "d"]);
        assert_eq!(message.links.len(), 1);
    }

    #[test]
    fn a_sound_message_has_no_defect() {
        check(&format!("{SOUND}\nHello\n"), &[]);
    }

    #[test]
    fn header_defects_are_noted() {
        use Defect::*;
        check("", &[NoHeaders, FromMissing, DateMissing, MessageIdMissing]);
        check("just text\n", &[NoHeaders, FromMissing, DateMissing, MessageIdMissing, HeaderMalformed]);
        check(&format!("From: b@example.org\n{SOUND}\n"), &[FromRepeated]);
        check("From: nobody\nDate: 1 Jan 2026 00:00:00 +0000\nMessage-ID: <1@x>\n\n", &[FromUnreadable]);
        check(&format!("Subject: a\nSubject: b\n{SOUND}\n"), &[HeaderRepeated]);
        check("From: a@example.org\nDate: soon\nMessage-ID: <1@x>\n\n", &[DateMissing]);
        check("From: a@example.org\nDate: 1 Jan 2026 00:00:00 +0000\n\n", &[MessageIdMissing]);
        check(&format!("{SOUND}no field\n"), &[HeaderMalformed]);
        check(&format!("{SOUND}X: a\0b\n\n"), &[HeaderMalformed]);
        check(&format!("{SOUND}Subject: =?no-such-set?q?a?=\n\n"), &[EncodingBroken]);
        check(&format!("{SOUND}Content-Transfer-Encoding: base64\n\n!!\n"), &[EncodingBroken]);
    }

    #[test]
    fn all_authors_are_kept_and_of_the_rest_the_first() {
        let message = message("From: a@x.example\nFrom: b@x.example\nSubject: 1\nSubject: 2\n\n");
        assert_eq!(message.from.len(), 2);
        assert_eq!(message.subject, "1");
        assert_eq!(message.header_all("Subject").collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn the_header_has_limits() {
        let beyond = |settings: Settings| {
            let raw = format!("{SOUND}To: a@x.example, b@x.example\n\n");
            let message = parse(raw.as_bytes(), &settings);
            (message.defects.contains(&Defect::HeadersBeyondLimit), message.headers.len(), message.to.len())
        };
        let default = Settings::default;
        assert_eq!(beyond(Settings { headers_max: 4, ..default() }), (false, 4, 2));
        assert_eq!(beyond(Settings { headers_max: 3, ..default() }), (true, 3, 0));
        // The longest of the four fields has 26 bytes after the colon.
        assert_eq!(beyond(Settings { header_bytes_max: 26, ..default() }), (false, 4, 2));
        assert_eq!(beyond(Settings { header_bytes_max: 25, ..default() }), (true, 4, 2));
        assert_eq!(beyond(Settings { mailboxes_max: 1, ..default() }), (false, 4, 1));
    }

    #[test]
    fn the_body_is_found_behind_too_many_fields() {
        let raw = format!("{SOUND}A: 1\nB: 2\n\nHello");
        let message = parse(raw.as_bytes(), &Settings { headers_max: 1, ..Settings::default() });
        assert_eq!(message.texts.plain, "Hello");
    }

    #[test]
    fn a_failing_parser_leaves_the_header() {
        let message = guarded(b"A: b\r\n c\r\n\r\nbody", &Settings::default(), |_, _| panic!("as a library might"));
        assert_eq!(message.defects, [Defect::ParserFailed]);
        assert_eq!(message.header("a"), Some("b c"));
        assert_eq!(message.bytes, 16);
    }
}
