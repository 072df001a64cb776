//! Which message a report is about: the one that is attached to it, the one that is quoted in it, or the file itself.

use crate::decision::DecisionId;
use crate::mail::Address;
use crate::message::{Message, Settings, parse};

/// Messages looked for in one report: who forwards more of them at once attaches a folder.
const ORIGINALS_MAX: usize = 20;
/// The field by which a message is found again.
const ID_HEADER: &str = "X-Kith-ID";

/// By what a reported message is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its decision, where it bears the id.
    pub id: Option<DecisionId>,
    /// Its Message-ID.
    pub message_id: Option<String>,
}

impl Subject {
    fn of(message: &Message) -> Option<Self> {
        let id = message.header(ID_HEADER).and_then(|text| DecisionId::parse(text.trim()));
        let subject = Self { id, message_id: message.message_id.clone() };
        (subject.id.is_some() || subject.message_id.is_some()).then_some(subject)
    }
}

/// A message in which somebody reports others, or is one himself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Who sent it.
    pub by: Option<Address>,
    /// What it encloses: attached, or quoted with its header.
    pub enclosed: Vec<Subject>,
    /// The message itself: meant where it encloses nothing.
    pub own: Option<Subject>,
}

impl Report {
    /// Reads a message of an abuse mailbox or of a Junk folder.
    pub fn read(raw: &[u8], settings: &Settings) -> Self {
        let message = parse(raw, settings);
        let attached = message.attachments.iter().filter_map(|one| {
            let is_message = one.declared_type.starts_with("message/") || one.extension == "eml";
            let content = one.content().filter(|_| is_message)?;
            Subject::of(&parse(content, settings))
        });
        let mut enclosed: Vec<_> = attached.take(ORIGINALS_MAX).collect();
        if enclosed.is_empty() {
            enclosed.extend(quoted(&message.texts.plain));
        }
        Self { by: message.author().cloned(), enclosed, own: Subject::of(&message) }
    }
}

/// The message whose header stands in a text, as mail programs forward it with all fields.
fn quoted(text: &str) -> Option<Subject> {
    let of = |name: &str| {
        text.lines().find_map(|line| {
            let (field, value) = line.trim_start_matches(['>', ' ']).split_once(':')?;
            field.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let id = of(ID_HEADER).and_then(|text| DecisionId::parse(&text));
    let message_id = of("Message-ID").map(|text| text.trim_matches(['<', '>']).to_owned());
    let message_id = message_id.filter(|text| text.contains('@'));
    (id.is_some() || message_id.is_some()).then_some(Subject { id, message_id })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01HF7YAT000000000000000001";

    fn subject(id: Option<&str>, message_id: Option<&str>) -> Subject {
        Subject { id: id.and_then(DecisionId::parse), message_id: message_id.map(str::to_owned) }
    }

    fn check(raw: &str, enclosed: &[Subject], own: Option<Subject>) {
        let report = Report::read(raw.replace('\n', "\r\n").as_bytes(), &Settings::default());
        assert_eq!((report.enclosed.as_slice(), report.own), (enclosed, own), "{raw}");
    }

    #[test]
    fn an_attached_original_is_meant() {
        let head = "From: ann@own.example\nMessage-ID: <r@own.example>\nContent-Type: multipart/mixed; boundary=b\n\n";
        let inner = format!("X-Kith-ID: {ID}\nMessage-ID: <1@x.example>\n\nBuy\n");
        let own = Some(subject(None, Some("r@own.example")));
        let meant = [subject(Some(ID), Some("1@x.example"))];
        check(
            &format!("{head}--b\n\nlook\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"),
            &meant,
            own.clone(),
        );
        let file =
            "Content-Type: application/octet-stream; name=a.eml\nContent-Disposition: attachment; filename=a.eml";
        check(&format!("{head}--b\n\nlook\n--b\n{file}\n\n{inner}\n--b--\n"), &meant, own.clone());
        check(&format!("{head}--b\n\nlook\n--b\nContent-Type: text/plain\n\nplain\n--b--\n"), &[], own);
    }

    #[test]
    fn a_quoted_header_is_meant() {
        let quoted =
            format!("From: ann@own.example\n\n---- Forwarded\n> Message-ID: <1@x.example>\n> X-Kith-ID: {ID}\n\nx\n");
        check(&quoted, &[subject(Some(ID), Some("1@x.example"))], None);
        check("From: ann@own.example\n\nMessage-ID: none\nX-Kith-ID: none\n", &[], None);
    }

    #[test]
    fn a_message_in_a_folder_is_meant_itself() {
        let raw = format!("X-Kith-ID: {ID}\nFrom: x@x.example\n\nBuy\n");
        check(&raw, &[], Some(subject(Some(ID), None)));
    }
}
