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
        "in-reply-to" => message.in_reply_to.extend(idents::ids(&value)),
        "references" => message.references.extend(idents::ids(&value)),
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
