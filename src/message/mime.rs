//! Walks the MIME tree (RFC 2045, RFC 2046) by its boundary lines, each line of the body once.
//!
//! The walk is our own, since no library's bounds it: nested messages are freed by recursion there, and the search for
//! boundaries that never come is repeated at every level.

use super::content::{Content, Head, Place};
use super::encoding::Transfer;
use super::fields::{Field, header_fields, line_end, without_line_end};
use super::media::Media;
use super::{Defect, words};

/// Depth beyond which no setting lets the walk go: it calls itself once a level.
const DEPTH_MAX: usize = 100;
/// Fields of a part's head that are read.
const PART_FIELDS_MAX: usize = 100;
/// The type of what has none (RFC 2045 §5.2), and of a digest's parts (RFC 2046 §5.1.5).
const PLAIN: &str = "text/plain";
const MESSAGE: &str = "message/rfc822";

/// How a part's content ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// At a boundary line of the multipart at this level; `closing` where it was its last.
    Boundary { level: usize, closing: bool },
    /// With the text.
    Text,
}

/// A part whose content is to be walked.
#[derive(Clone, Copy)]
struct Node<'h> {
    head: &'h Head,
    default: &'static str,
    place: Place,
}

/// A walk over one text: a message, or a message that was decoded from a part.
struct Walk<'a, 'c, 's> {
    raw: &'a [u8],
    at: usize,
    /// Boundaries of the multiparts around, outermost first.
    boundaries: Vec<String>,
    /// Where the content that was last walked ended, before the line end that belongs to the boundary.
    content_end: usize,
    content: &'c mut Content<'s>,
}

/// Walks a message whose head is known; `at` is where its body starts.
pub(super) fn walk(raw: &[u8], at: usize, head: &Head, content: &mut Content<'_>) {
    let place = Place { depth: 0, attached: false, first: true };
    walk_message(raw, at, head, place, content);
}

fn walk_message(raw: &[u8], at: usize, head: &Head, place: Place, content: &mut Content<'_>) {
    let mut walk = Walk { raw, at, boundaries: Vec::new(), content_end: raw.len(), content };
    walk.part(Node { head, default: PLAIN, place });
}

/// Notes what a field says of the content, if it is one of those that do. The first of a name counts.
pub(super) fn note_field(field: &Field<'_>, head: &mut Head) {
    if !field.name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-")) {
        return;
    }
    if field.is("Content-Type") && head.media.is_none() {
        head.media = Media::read(field.value);
    } else if field.is("Content-Disposition") && head.disposition.is_none() {
        head.disposition = Media::read(field.value);
    } else if field.is("Content-Transfer-Encoding") && head.transfer == Transfer::Identity {
        head.transfer = Transfer::read(field.value);
    } else if field.is("Content-ID") {
        head.content_id = words::decode(field.value, &mut false).trim_matches(['<', '>']).to_owned();
    }
}

impl Walk<'_, '_, '_> {
    /// Walks one part, from its content on.
    fn part(&mut self, node: Node<'_>) -> End {
        let media_type = node.head.media_type(node.default);
        let is_multipart = node.head.media.as_ref().is_some_and(Media::is_multipart);
        let is_message = node.head.media.as_ref().map_or(node.default == MESSAGE, Media::is_message);
        if (is_multipart || is_message) && node.place.depth >= self.content.settings().depth_max.min(DEPTH_MAX) {
            self.content.defects.note(Defect::DepthBeyondLimit);
        } else if is_multipart {
            return self.multipart(node);
        } else if is_message && node.head.transfer == Transfer::Identity {
            return self.message(node, media_type);
        } else if is_message {
            return self.encoded_message(node, media_type);
        }
        let (start, end) = self.content();
        let raw = self.raw;
        if self.content.leaf(node.head, node.default, node.place, &raw[start..self.content_end]) {
            end
        } else {
            self.stop()
        }
    }

    fn multipart(&mut self, node: Node<'_>) -> End {
        let media_type = node.head.media_type(PLAIN);
        let boundary = node.head.media.as_ref().and_then(|media| media.parameter("boundary")).unwrap_or_default();
        let level = self.boundaries.len();
        let bounded = !boundary.is_empty();
        if bounded {
            self.boundaries.push(boundary.trim_end().to_owned());
        }
        let (start, mut end) = self.content();
        if !matches!(end, End::Boundary { level: found, .. } if bounded && found == level) {
            // Without its boundary it is shown as text.
            self.boundaries.truncate(level);
            self.content.defects.note(Defect::BoundaryBroken);
            let raw = self.raw;
            let plain = Head { transfer: node.head.transfer, ..Head::default() };
            let taken = self.content.leaf(&plain, PLAIN, node.place, &raw[start..self.content_end]);
            return if taken { end } else { self.stop() };
        }
        if !self.content.list(media_type, node.place.depth, 0) {
            return self.stop();
        }
        let default = if media_type == "multipart/digest" { MESSAGE } else { PLAIN };
        let mut first = true;
        loop {
            match end {
                End::Boundary { level: found, closing: false } if found == level => {
                    let head = self.head();
                    let place = Place { depth: node.place.depth + 1, attached: node.place.attached, first };
                    first = false;
                    end = self.part(Node { head: &head, default, place });
                }
                End::Boundary { level: found, closing: true } if found == level => {
                    self.boundaries.truncate(level);
                    // What follows up to the next boundary line is shown by no program.
                    return self.content().1;
                }
                _ => {
                    self.boundaries.truncate(level);
                    self.content.defects.note_if(!self.is_stopped(), Defect::BoundaryBroken);
                    return end;
                }
            }
        }
    }

    /// Walks a message that is a part as it stands: an attachment, with parts of its own.
    fn message(&mut self, node: Node<'_>, media_type: &str) -> End {
        if !self.content.list(media_type, node.place.depth, 0) {
            return self.stop();
        }
        let listed = self.content.parts.len() - 1;
        let attachment = self.content.attached();
        let start = self.at;
        let head = self.head();
        let place = Place { depth: node.place.depth + 1, attached: true, first: true };
        let end = self.part(Node { head: &head, default: PLAIN, place });
        let raw = self.raw;
        let bytes = &raw[start..self.content_end.max(start)];
        self.content.parts[listed].bytes = bytes.len();
        self.content.attach_at(attachment, node.head, media_type, bytes);
        end
    }

    /// Walks a message that was encoded, which RFC 2046 §5.2.1 forbids and mail programs read.
    fn encoded_message(&mut self, node: Node<'_>, media_type: &str) -> End {
        let (start, end) = self.content();
        let raw = self.raw;
        let mut broken = false;
        let bytes = node.head.transfer.decode(&raw[start..self.content_end], &mut broken);
        self.content.defects.note_if(broken, Defect::EncodingBroken);
        if !self.content.list(media_type, node.place.depth, bytes.len()) {
            return self.stop();
        }
        self.content.attach(node.head, media_type, &bytes);
        let mut head = Head::default();
        let mut fields = header_fields(&bytes);
        fields.by_ref().take(PART_FIELDS_MAX).for_each(|field| note_field(&field, &mut head));
        fields.by_ref().for_each(drop);
        let place = Place { depth: node.place.depth + 1, attached: true, first: true };
        walk_message(&bytes, fields.body_at(), &head, place, self.content);
        end
    }

    /// Reads the head of a part, up to the empty line, or to a boundary line where that is missing.
    fn head(&mut self) -> Head {
        let mut end = self.at;
        while end < self.raw.len() {
            let next = line_end(self.raw, end);
            let line = without_line_end(&self.raw[end..next]);
            if line.is_empty() || self.boundary(line).is_some() {
                end = if line.is_empty() { next } else { end };
                break;
            }
            end = next;
        }
        let mut head = Head::default();
        let mut fields = header_fields(&self.raw[self.at..end]);
        fields.by_ref().take(PART_FIELDS_MAX).for_each(|field| note_field(&field, &mut head));
        fields.by_ref().for_each(drop);
        self.content.defects.note_if(fields.malformed(), Defect::HeaderMalformed);
        self.at += fields.body_at();
        head
    }

    /// Moves past the next boundary line; where the content before it starts, and how it ended.
    fn content(&mut self) -> (usize, End) {
        let start = self.at;
        while self.at < self.raw.len() {
            let line_start = self.at;
            self.at = line_end(self.raw, line_start);
            if let Some(end) = self.boundary(without_line_end(&self.raw[line_start..self.at])) {
                // The line end before a boundary line belongs to the boundary (RFC 2046 §5.1.1).
                self.content_end = start + without_line_end(&self.raw[start..line_start]).len();
                return (start, end);
            }
        }
        self.content_end = self.raw.len();
        (start, End::Text)
    }

    /// Which boundary a line is, the innermost first. Anything may follow a closing mark, and anything after white
    /// space an opening one; a longer word is another boundary.
    fn boundary(&self, line: &[u8]) -> Option<End> {
        let line = line.strip_prefix(b"--")?;
        self.boundaries.iter().enumerate().rev().find_map(|(level, boundary)| {
            let closing = match line.strip_prefix(boundary.as_bytes())? {
                [] | [b' ' | b'\t', ..] => false,
                [b'-', b'-', ..] => true,
                _ => return None,
            };
            Some(End::Boundary { level, closing })
        })
    }

    /// Ends the walk: there are too many parts.
    fn stop(&mut self) -> End {
        self.at = self.raw.len();
        End::Text
    }

    fn is_stopped(&self) -> bool {
        self.content.defects.has(Defect::PartsBeyondLimit)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Message, Settings, parse};
    use super::*;

    fn message(raw: &str, settings: &Settings) -> Message {
        parse(raw.as_bytes(), settings)
    }

    /// The tree, each part as its type and size behind a dash for each level; then the plain text.
    fn check(raw: &str, tree: &[&str], plain: &str, defects: &[Defect]) {
        let message = message(
            &format!("From: a@example.org\nDate: 1 Jan 2026 00:00:00 +0000\nMessage-ID: <a@b>\n{raw}"),
            &Settings::default(),
        );
        let shown: Vec<String> =
            message.parts.iter().map(|p| format!("{}{} {}", "-".repeat(p.depth), p.media_type, p.bytes)).collect();
        assert_eq!(shown, tree, "{raw}");
        assert_eq!(message.texts.plain, plain, "{raw}");
        assert_eq!(message.defects, defects, "{raw}");
    }

    #[test]
    fn a_message_without_mime_is_plain_text() {
        check("\nHello\r\nyou\n", &["text/plain 11"], "Hello\nyou\n", &[]);
        check("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\naGk=\n", &["text/plain 2"], "hi", &[]);
        check("", &["text/plain 0"], "", &[]);
    }

    #[test]
    fn multiparts_have_parts() {
        check(
            "Content-Type: multipart/mixed; boundary=b\n\npreamble\n--b\n\none\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b-- \nepilogue",
            &["multipart/mixed 0", "-text/plain 3", "-image/png 1"],
            "one",
            &[],
        );
        check(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\none\n--c--\n--b\n\ntwo\n--b--\n",
            &["multipart/mixed 0", "-multipart/alternative 0", "--text/plain 3", "-text/plain 3"],
            "one\ntwo",
            &[],
        );
    }

    #[test]
    fn boundaries_may_be_prefixes_of_each_other() {
        check(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\none\n--bb--\n--bx\n--b--\n",
            &["multipart/mixed 0", "-multipart/mixed 0", "--text/plain 3"],
            "one",
            &[],
        );
    }

    #[test]
    fn attached_messages_are_attachments_with_parts() {
        let raw = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\ntwo\n--b--\n";
        check(raw, &["multipart/mixed 0", "-text/plain 3", "-message/rfc822 15", "--text/plain 3"], "one", &[]);
        let message = message(raw, &Settings::default());
        assert_eq!(message.attachments.len(), 1);
        assert_eq!(message.attachments[0].declared_type, "message/rfc822");
        check(
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeAoKdHdv\n",
            &["message/rfc822 15", "-text/plain 3"],
            "",
            &[],
        );
        check(
            "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ntwo\n--b--\n",
            &["multipart/digest 0", "-message/rfc822 15", "--text/plain 3"],
            "",
            &[],
        );
    }

    #[test]
    fn broken_boundaries_lose_no_text() {
        let broken = [Defect::BoundaryBroken];
        check("Content-Type: multipart/mixed\n\none\n", &["text/plain 4"], "one\n", &broken);
        check("Content-Type: multipart/mixed; boundary=b\n\none\n", &["text/plain 4"], "one\n", &broken);
        check(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n",
            &["multipart/mixed 0", "-text/plain 4"],
            "one\n",
            &broken,
        );
        check(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--",
            &["multipart/mixed 0", "-multipart/mixed 0", "--text/plain 3", "-text/plain 3"],
            "one\ntwo",
            &broken,
        );
    }

    #[test]
    fn a_part_may_lack_its_body() {
        check(
            "Content-Type: multipart/mixed; boundary=b:c\n\n--b:c\nContent-Type: text/html\n--b:c--\n",
            &["multipart/mixed 0", "-text/html 0"],
            "",
            &[],
        );
    }

    /// Multiparts in each other.
    fn nested(depth: usize) -> String {
        let mut raw = String::from("Content-Type: multipart/mixed; boundary=b0\n\n");
        for level in 0..depth {
            raw += &format!("--b{level}\nContent-Type: multipart/mixed; boundary=b{}\n\n", level + 1);
        }
        raw + &format!("--b{depth}\n\ntext\n")
    }

    #[test]
    fn the_depth_has_a_limit() {
        let settings = Settings { depth_max: 5, ..Settings::default() };
        assert!(!message(&nested(4), &settings).defects.contains(&Defect::DepthBeyondLimit));
        assert!(message(&nested(5), &settings).defects.contains(&Defect::DepthBeyondLimit));
        // Whatever the setting says.
        let settings = Settings { depth_max: usize::MAX, ..settings };
        assert!(!message(&nested(DEPTH_MAX - 1), &settings).defects.contains(&Defect::DepthBeyondLimit));
        assert!(message(&nested(DEPTH_MAX), &settings).defects.contains(&Defect::DepthBeyondLimit));
    }

    #[test]
    fn hostile_trees_cost_no_more_than_their_bytes() {
        let messages = "Content-Type: message/rfc822\n\n".repeat(20_000);
        assert!(message(&messages, &Settings::default()).defects.contains(&Defect::DepthBeyondLimit));
        let unclosed = "--q\nContent-Type: multipart/mixed; boundary=zz\n\nx\n".repeat(20_000);
        let unclosed =
            message(&format!("Content-Type: multipart/mixed; boundary=q\n\n{unclosed}"), &Settings::default());
        assert!(unclosed.defects.contains(&Defect::PartsBeyondLimit));
        assert_eq!(unclosed.parts.len(), Settings::default().parts_max);
    }
}
