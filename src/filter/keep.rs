//! Kith's own quarantine on the path of a message: kept before the MTA hears the answer, and let pass once by its token.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use log::{error, info, warn};
use tokio::task::spawn_blocking;

use super::{Filter, Judged};
use crate::decision::{Decision, DecisionId, Reason, Verdict};
use crate::journal::WhenUnwritable;
use crate::mail::{Address, Envelope, Moment};
use crate::message::header_fields;
use crate::milter::Edit;
use crate::quarantine::{Claim, Held, Identity, Keep, SEAL_HEADER, Sealing, Store, Unkept, release_of, unseal};

/// How often it is looked whether something is older than it may be.
const EXPIRE_EVERY: Duration = Duration::from_secs(3_600);

/// A message that Kith keeps, and of which the MTA is to be told. Dropped without that, it is withdrawn.
pub(super) struct Kept(Claim);

impl Kept {
    /// Whether the MTA is told that it is kept: always where it was told so before, even where that cannot be written down,
    /// for otherwise the message would be both kept and delivered.
    pub fn is_carried_out(&self, decision: &mut Decision) -> bool {
        if self.0.repeats().is_some() {
            decision.action = Verdict::Hold;
        }
        decision.action == Verdict::Hold
    }

    /// The MTA was told.
    pub fn heard(self) {
        self.0.heard();
        // The log is not for the task that answers mail; it is withdrawn by nothing any more.
        drop(spawn_blocking(move || self.0.write_down()));
    }
}

impl Filter {
    /// Whether a message may pass by this token, as far as one knows before it does.
    pub(super) fn permitted(&self, id: DecisionId, token: &str, recipients: &[Address]) -> Option<DecisionId> {
        let open = self.store.as_ref()?.is_open(id, token, recipients);
        match open {
            Ok(true) => return Some(id),
            Ok(false) => warn!("{id}: a message bears a token of its release that does not count, or not any more"),
            Err(error) => error!("{id}: whether it was released cannot be read: {error}"),
        }
        None
    }

    /// Takes the token of a message that is to pass by it: it counts once. Where that cannot be written down, the message
    /// has to wait; so has one whose token does not count, for whoever hands it over must not take it for delivered.
    pub(super) async fn admit(&self, judged: &mut Judged, envelope: &Envelope, raw: &[u8]) -> Option<Admitted> {
        let (key, store) = (self.seal_key.as_ref()?, self.store.as_ref()?);
        if !is_released(&judged.decision) {
            let id = release_of(raw).filter(|id| store.knows(*id).unwrap_or(true))?;
            wait(&mut judged.decision, id);
            return None;
        }
        let found = unseal(key, raw, &envelope.recipients, judged.received_at, &self.settings.quarantine);
        let Sealing::Permitted(id, token) = found else { return None };
        let is_letter = store.is_letter(id).unwrap_or_else(|error| {
            error!("{id}: whether it is a letter of our own cannot be read: {error}");
            false
        });
        let to = envelope.recipients.clone();
        let admitted = Admitted { store: Arc::clone(store), id, token: token.clone(), to, is_letter };
        let (store, recipients, queue_id) = (Arc::clone(store), envelope.recipients.clone(), envelope.queue_id.clone());
        let pass = spawn_blocking(move || store.pass(id, &token, &recipients, queue_id, Moment::now()));
        let why = match pass.await.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(true) => return Some(admitted),
            Ok(false) => "its token was used at the same moment".to_owned(),
            Err(error) => format!("that its token is used cannot be written down: {error}"),
        };
        error!("{id}: a released message has to wait: {why}");
        wait(&mut judged.decision, id);
        None
    }

    /// Keeps a message that is to be held, or that was kept before and comes again; `None` for all other mail, and where
    /// the MTA keeps it. Where it cannot be kept, the policy's word for that becomes the action.
    pub(super) async fn keep(&self, judged: &mut Judged, envelope: &Envelope, raw: &[u8]) -> Option<Kept> {
        let is_own = self.settings.quarantine.keep == Keep::Own;
        let Some(store) = &self.store else {
            if is_own && judged.decision.action == Verdict::Hold {
                self.give_up(&mut judged.decision, envelope, "there is no quarantine", false);
            }
            return None;
        };
        if is_released(&judged.decision) || must_wait(&judged.decision) {
            return None;
        }
        let before = store.kept_before(envelope.sender.as_ref(), &envelope.recipients, raw, judged.received_at);
        let before = before.unwrap_or_else(|error| {
            error!("whether a message was kept before cannot be read: {error}");
            None
        });
        if let Some(id) = before {
            again(&mut judged.decision, id);
        } else if !is_own || judged.decision.action != Verdict::Hold {
            return None;
        } else if envelope.unread_paths > 0 {
            info!("a message with a path that is no address is left to the MTA's own quarantine");
            return None;
        }
        match self.write_copy(judged, envelope, raw).await {
            Ok(claim) => Some(Kept(claim)),
            Err(unkept) => {
                self.give_up(&mut judged.decision, envelope, &unkept.to_string(), before.is_some());
                None
            }
        }
    }

    async fn write_copy(&self, judged: &Judged, envelope: &Envelope, raw: &[u8]) -> Result<Claim, Unkept> {
        let Some(store) = self.store.clone() else { return Err(Unkept::Locked) };
        let content =
            edited(&[&received(envelope, judged.received_at), raw].concat(), &self.edits(judged, envelope, raw));
        let message = &judged.message;
        let (author, settings) = (message.author().map(ToString::to_string), self.settings.quarantine.clone());
        let (id, decision, envelope) = (judged.id, judged.decision.clone(), envelope.clone());
        let (message_id, subject) = (message.message_id.clone(), message.subject.clone());
        let (raw, now) = (raw.to_vec(), judged.received_at);
        let write = move || {
            let identity = Identity::new(envelope.sender.as_ref(), &raw);
            let held = Held::new(id, &decision, &envelope, &identity, &content);
            store.keep(held.said(message_id.as_deref(), author, &subject), &identity, &content, &settings, now)
        };
        // Where nobody waits for the answer any more, it ends by itself, and its claim is dropped with its result.
        spawn_blocking(write).await.unwrap_or_else(|error| Err(Unkept::Disk(io::Error::other(error))))
    }

    /// The word of the policy for a message that is to be held and cannot be kept. One that was kept before has to come
    /// again whatever the policy says: passing, it would be both kept and delivered.
    fn give_up(&self, decision: &mut Decision, envelope: &Envelope, why: &str, is_repeated: bool) {
        let instead = match self.settings.journal.when_unwritable {
            WhenUnwritable::Flow if !is_repeated => Verdict::Tag,
            _ => Verdict::Tempfail,
        };
        let queue_id = envelope.queue_id.as_deref().unwrap_or("-");
        error!("{queue_id}: {} becomes {}: {why}", decision.action.name(), instead.name());
        decision.action = instead;
    }

    /// Removes from Kith's quarantine what is older than the settings allow, as long as it is polled.
    pub fn expire_kept(&self) -> impl Future<Output = ()> + use<> {
        let (store, settings) = (self.store.clone(), self.settings.quarantine.clone());
        async move {
            let Some(store) = store else { return };
            loop {
                let (store, settings) = (Arc::clone(&store), settings.clone());
                match spawn_blocking(move || store.expire(&settings, Moment::now())).await {
                    Ok(Ok(0)) => {}
                    Ok(Ok(count)) => info!("quarantine: {count} messages expired"),
                    Ok(Err(error)) => warn!("quarantine: what is too old could not be removed: {error}"),
                    Err(error) => error!("quarantine: removing what is too old failed: {error}"),
                }
                tokio::time::sleep(EXPIRE_EVERY).await;
            }
        }
    }
}

/// A message that passes by its token.
pub(super) struct Admitted {
    store: Arc<Store>,
    id: DecisionId,
    token: String,
    to: Vec<Address>,
    /// Whether Kith wrote it itself, which tells nothing of people.
    pub(super) is_letter: bool,
}

impl Admitted {
    /// Writes down whether the MTA heard that the message passes.
    pub fn told(self, heard: bool) {
        let write = move || {
            if let Err(error) = self.store.passed(self.id, &self.token, &self.to, heard, Moment::now()) {
                warn!("{}: that it was let through could not be written down: {error}", self.id);
            }
        };
        drop(spawn_blocking(write));
    }
}

/// The name of the reason for which a released message has to wait.
const RELEASE_WAITS: &str = "when_release_unknown";

/// Has a message wait that bears a token of a release.
fn wait(decision: &mut Decision, id: DecisionId) {
    let because = format!("its token of the release of {id} does not count, or cannot be taken now");
    decision.reasons.insert(0, Reason { name: RELEASE_WAITS.to_owned(), because, contribution: 0.0 });
    decision.action = Verdict::Tempfail;
}

fn must_wait(decision: &Decision) -> bool {
    decision.reasons.first().is_some_and(|reason| reason.name == RELEASE_WAITS)
}

fn is_released(decision: &Decision) -> bool {
    decision.reasons.first().is_some_and(|reason| reason.name == "released")
}

/// What was kept stays kept, whatever is thought of it now.
fn again(decision: &mut Decision, id: DecisionId) {
    let because = format!("it is kept already, by decision {id}");
    decision.reasons.insert(0, Reason { name: "kept_before".to_owned(), because, contribution: 0.0 });
    decision.action = Verdict::Hold;
}

/// The trace of the hop that the MTA would have written (RFC 5321 §4.4), had it kept the message itself.
fn received(envelope: &Envelope, at: Moment) -> Vec<u8> {
    let word = |text: &Option<String>| {
        let harmless = |c: char| c.is_ascii_alphanumeric() || "-_.:[]".contains(c);
        text.as_deref().map(|text| text.chars().filter(|c| harmless(*c)).take(255).collect::<String>())
    };
    let or =
        |text: Option<String>, other: &str| text.filter(|text| !text.is_empty()).unwrap_or_else(|| other.to_owned());
    let ip = envelope.client.map_or(String::new(), |ip| format!(" [{ip}]"));
    let text = format!(
        "Received: from {} ({}{ip})\r\n\tby {} (kith quarantine) id {};\r\n\t{}\r\n",
        or(word(&envelope.helo), "unknown"),
        or(word(&envelope.client_name), "unknown"),
        or(word(&envelope.mta), "localhost"),
        or(word(&envelope.queue_id), "none"),
        at.rfc5322().unwrap_or_default()
    );
    text.into_bytes()
}

/// The fields of spent tokens, to be taken out of a released message: they mean nothing to its reader.
pub(super) fn spent_tokens(raw: &[u8]) -> Vec<Edit> {
    let seals = header_fields(raw).filter(|field| field.is(SEAL_HEADER));
    let spent = seals.zip(1..).filter(|(field, _)| field.value.trim_ascii_start().starts_with(b"v2 "));
    let delete = |(_, nth)| Edit::ChangeHeader { name: SEAL_HEADER.to_owned(), nth, value: String::new() };
    let mut edits: Vec<_> = spent.map(delete).collect();
    edits.reverse();
    edits
}

/// A message with the changes made that the MTA would make: header fields inserted, replaced and deleted. What has no
/// meaning at rest, such as a quarantine, is left out, and so is the seal for the MTA's own.
fn edited(raw: &[u8], edits: &[Edit]) -> Vec<u8> {
    let body = raw.windows(4).position(|four| four == b"\r\n\r\n").map_or(raw.len(), |at| at + 2);
    let mut fields: Vec<Vec<u8>> = Vec::new();
    for line in raw[..body].split_inclusive(|byte| *byte == b'\n') {
        match fields.last_mut().filter(|_| line.starts_with(b" ") || line.starts_with(b"\t")) {
            Some(field) => field.extend_from_slice(line),
            None => fields.push(line.to_vec()),
        }
    }
    let written = |name: &str, value: &str| format!("{name}: {}\r\n", value.replace('\n', "\r\n")).into_bytes();
    for edit in edits {
        match edit {
            Edit::InsertHeader { name, .. } if name == SEAL_HEADER => {}
            Edit::InsertHeader { index, name, value } => {
                fields.insert((*index as usize).min(fields.len()), written(name, value));
            }
            Edit::ChangeHeader { name, nth, value } => {
                let is_named = |field: &Vec<u8>| {
                    let colon = field.iter().position(|byte| *byte == b':');
                    colon.is_some_and(|at| field[..at].trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
                };
                let nth = (*nth).max(1) as usize - 1;
                let found = fields.iter().enumerate().filter(|(_, field)| is_named(field)).nth(nth).map(|(at, _)| at);
                match found {
                    Some(at) if value.is_empty() => drop(fields.remove(at)),
                    Some(at) => fields[at] = written(name, value),
                    None => {}
                }
            }
            _ => {}
        }
    }
    [&fields.concat(), &raw[body..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(name: &str, value: &str) -> Edit {
        Edit::InsertHeader { index: 0, name: name.to_owned(), value: value.to_owned() }
    }

    fn change(name: &str, nth: u32, value: &str) -> Edit {
        Edit::ChangeHeader { name: name.to_owned(), nth, value: value.to_owned() }
    }

    fn check(edits: &[Edit], expected: &str) {
        let raw = b"A: 1\r\n\tmore\r\nB: 2\r\na : 3\r\n\r\nA: body\r\n\r\nend\r\n";
        assert_eq!(String::from_utf8_lossy(&edited(raw, edits)), format!("{expected}\r\nA: body\r\n\r\nend\r\n"));
    }

    #[test]
    fn a_kept_message_bears_the_changes_that_the_mta_would_have_made() {
        check(&[], "A: 1\r\n\tmore\r\nB: 2\r\na : 3\r\n");
        check(&[change("A", 2, ""), change("A", 1, "")], "B: 2\r\n");
        check(&[change("a", 1, "x\n\ty"), change("C", 1, "z")], "a: x\r\n\ty\r\nB: 2\r\na : 3\r\n");
        let quarantine = Edit::Quarantine { reason: "r".to_owned() };
        let edits = [change("A", 1, ""), insert("X", "1"), insert(SEAL_HEADER, "v1"), insert("Y", "2"), quarantine];
        check(&edits, "Y: 2\r\nX: 1\r\nB: 2\r\na : 3\r\n");
    }

    #[test]
    fn a_message_without_a_body_is_edited_too() {
        assert_eq!(edited(b"A: 1\r\n", &[insert("X", "1")]), b"X: 1\r\nA: 1\r\n");
        assert_eq!(edited(b"A: 1\r\n\r\n", &[change("A", 1, "")]), b"\r\n");
    }

    #[test]
    fn the_trace_of_a_hop_holds_nothing_that_a_client_could_forge() {
        let envelope = Envelope {
            client: Some([192, 0, 2, 7].into()),
            helo: Some("mx\r\nBcc: (x".to_owned()),
            queue_id: Some("4Q".to_owned()),
            ..Envelope::default()
        };
        assert_eq!(
            String::from_utf8_lossy(&received(&envelope, Moment(1_700_000_000_000))),
            "Received: from mxBcc:x (unknown [192.0.2.7])\r\n\tby localhost (kith quarantine) id 4Q;\r\n\t\
             Tue, 14 Nov 2023 22:13:20 +0000\r\n"
        );
    }

    #[test]
    fn spent_tokens_are_taken_out_and_seals_of_the_mtas_own_quarantine_stay() {
        let raw = b"X-Kith-Seal: v2 a\r\nx-kith-seal: v1 b\r\nX-Kith-Seal:\r\n v2 c\r\n\r\n";
        assert_eq!(spent_tokens(raw), [change(SEAL_HEADER, 3, ""), change(SEAL_HEADER, 1, "")]);
    }
}
