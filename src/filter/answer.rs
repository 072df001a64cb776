//! The answer to the MTA: edits and a final word, after the decision was written down.

use std::sync::Arc;
use std::time::Instant;

use log::{error, info};

use super::keep::{Kept, spent_tokens};
use super::{Filter, Judged, Passage};
use crate::auth::{Source, forged_fields};
use crate::decision::{self, Decision, DecisionId, Failure, HEADER_PREFIX, Verdict, decide_failed, marks, refusal};
use crate::journal::{self, Durability, WhenUnwritable};
use crate::mail::{Direction, Envelope, Moment};
use crate::message::header_fields;
use crate::milter::{self, Answer, Edit, Lapse, Reply, Transaction};
use crate::quarantine::{SEAL_HEADER, Seal, reason};

/// The name of the header field for authentication results (RFC 8601).
const AUTHENTICATION_RESULTS: &str = "Authentication-Results";

impl milter::Filter for Filter {
    async fn answer(&self, transaction: Transaction) -> Answer {
        let Transaction { envelope, raw, received_at, .. } = transaction;
        let mut judged = self.judge(&Passage { envelope: &envelope, raw: &raw, received_at, trust: None }).await;
        let admitted = self.admit(&mut judged, &envelope, &raw).await;
        let kept = self.keep(&mut judged, &envelope, &raw).await;
        self.write_down(&mut judged, &envelope).await;
        let kept = kept.filter(|kept| kept.is_carried_out(&mut judged.decision));
        let mut answer = match kept {
            Some(_) => Answer::plain(Reply::Discard),
            None => {
                let edits = self.edits(&judged, &envelope, &raw);
                self.reply(judged.id, &judged.decision, edits)
            }
        };
        let is_letter = admitted.as_ref().is_some_and(|admitted| admitted.is_letter);
        let learned = Self::observation(&judged);
        let (baselines, watch, signals) = (self.baselines.clone(), self.watch.clone(), judged.signals);
        answer.sent = Some(Box::new(move |sent| {
            // An answer that never arrived delivered nothing: the MTA will bring the message again. What was kept for it is
            // withdrawn by being dropped.
            admitted.into_iter().for_each(|admitted| admitted.told(sent));
            if sent {
                kept.into_iter().for_each(Kept::heard);
            }
            if sent && !is_letter {
                watch.remember(&signals, received_at);
                if let Some(baselines) = baselines {
                    baselines.learn(learned);
                }
            }
        }));
        answer
    }

    fn lapse(&self, lapse: Lapse, queue_id: Option<&str>, why: &str) -> Answer {
        let failure = match lapse {
            Lapse::Overdue => Failure::Overdue,
            Lapse::Overload => Failure::Overloaded,
            Lapse::Panic => Failure::Panicked,
            Lapse::Limit => Failure::OverLimit,
        };
        let decision = decide_failed(failure, why, &self.settings.policy);
        let at = Moment::now();
        let id = self.next_id(at);
        let mut entry = journal::Entry::new(id, at, &decision);
        entry.queue_id = queue_id.map(str::to_owned);
        entry.digests = self.digests.clone();
        self.meter.count(&entry, None);
        info!("{}", journal::line(&entry));
        self.write_soon(entry);
        self.reply(id, &decision, Vec::new())
    }
}

impl Filter {
    /// Writes the decision down before it is carried out. A hold or refusal that cannot be written down is not carried
    /// out: nothing may vanish from sight.
    async fn write_down(&self, judged: &mut Judged, envelope: &Envelope) {
        let begun = Instant::now();
        let is_grave = matches!(judged.decision.action, Verdict::Hold | Verdict::Reject);
        let durability = if is_grave { Durability::Now } else { Durability::Soon };
        let mut entry = self.entry(judged, envelope);
        let written = match &self.journal {
            Some(journal) => journal.record(&entry, durability).await.map_err(|error| error.to_string()),
            None => Err("there is no journal".to_owned()),
        };
        if let (true, Err(why)) = (is_grave, written) {
            let instead = match self.settings.journal.when_unwritable {
                WhenUnwritable::Flow => Verdict::Tag,
                WhenUnwritable::Tempfail => Verdict::Tempfail,
            };
            let queue_id = envelope.queue_id.as_deref().unwrap_or("-");
            error!("{queue_id}: {} becomes {}: {why}", judged.decision.action.name(), instead.name());
            judged.decision.action = instead;
            entry.action = instead;
        }
        self.meter.count(&entry, Some(begun.elapsed()));
        info!("{}", journal::line(&entry));
    }

    /// Writes an entry down in the background, from where nobody can wait.
    fn write_soon(&self, entry: journal::Entry) {
        let Some(journal) = self.journal.as_ref().map(Arc::clone) else { return };
        tokio::spawn(async move {
            // The journal itself counts and logs what it cannot write.
            let _ = journal.record(&entry, Durability::Soon).await;
        });
    }

    /// The changes to the message, forgeries first: they are counted from the top, which the insertions change.
    pub(super) fn edits(&self, judged: &Judged, envelope: &Envelope, raw: &[u8]) -> Vec<Edit> {
        let is_released = judged.decision.reasons.first().is_some_and(|reason| reason.name == "released");
        if is_released {
            return spent_tokens(raw);
        }
        let (decision, direction) = (&judged.decision, judged.direction);
        let tagging = &self.settings.policy.tagging;
        let fields = marks(decision, judged.id, direction, tagging);
        let subject = decision::marked_subject(&judged.message.subject, decision, direction, tagging);
        // What one's own people send is left as it is, unless it is to bear a mark or be held.
        let is_own = direction != Direction::Inbound && decision.action != Verdict::Hold;
        if is_own && fields.is_empty() && subject.is_none() {
            return Vec::new();
        }
        let authserv_id = self.authserv_id.as_str();
        // Another host of the organisation may have written our name on mail that did not come from outside.
        let mut edits = if is_own { Vec::new() } else { forged_results(raw, authserv_id) };
        edits.extend(forged_marks(raw));
        let insert = |name: &str, value: String| Edit::InsertHeader { index: 0, name: name.to_owned(), value };
        // Each is put above the one before: the last one inserted stands on top.
        edits.extend(fields.into_iter().rev().map(|(name, value)| insert(name, value)));
        edits.extend(subject.map(|value| Edit::ChangeHeader { name: "Subject".to_owned(), nth: 1, value }));
        if judged.decision.action == Verdict::Hold {
            let seal = self.seal_key.as_ref().and_then(|key| Seal::new(key, judged.id, raw, &envelope.recipients));
            edits.extend(seal.map(|seal| insert(SEAL_HEADER, seal.value())));
            edits.push(Edit::Quarantine { reason: reason(judged.id, &judged.decision) });
        }
        if judged.auth.source == Source::Ourselves {
            edits.push(insert(AUTHENTICATION_RESULTS, judged.auth.header_value(authserv_id, envelope)));
        }
        edits
    }

    fn reply(&self, id: DecisionId, decision: &Decision, edits: Vec<Edit>) -> Answer {
        let reply = match refusal(decision, id, &self.settings.policy) {
            Some(refusal) => {
                Reply::Custom { code: refusal.code, enhanced: refusal.enhanced.to_owned(), lines: refusal.lines }
            }
            // Not "accept": an MTA that takes it for the rest of the connection would skip the next message.
            None => Reply::Continue,
        };
        let is_refused = matches!(reply, Reply::Custom { .. });
        Answer { edits: if is_refused { Vec::new() } else { edits }, reply, sent: None }
    }
}

fn delete(name: &str, nth: u32) -> Edit {
    Edit::ChangeHeader { name: name.to_owned(), nth, value: String::new() }
}

/// Authentication-Results in our own name that came from outside. They are looked for in the raw header, of which the
/// parsed one may hold only the beginning.
fn forged_results(raw: &[u8], authserv_id: &str) -> Vec<Edit> {
    let results = header_fields(raw).filter(|field| field.is(AUTHENTICATION_RESULTS));
    let values: Vec<String> = results.map(|field| String::from_utf8_lossy(field.value).into_owned()).collect();
    let forged = forged_fields(values.iter().map(|value| (AUTHENTICATION_RESULTS, value.as_str())), authserv_id);
    forged.into_iter().map(|nth| delete(AUTHENTICATION_RESULTS, nth)).collect()
}

/// Fields in our own name that came from outside, the highest ordinal of each name first, since deleting one renumbers
/// those below it.
fn forged_marks(raw: &[u8]) -> Vec<Edit> {
    let mut seen: Vec<(String, u32)> = Vec::new();
    let mut edits = Vec::new();
    for field in header_fields(raw) {
        let name = String::from_utf8_lossy(field.name).into_owned();
        let is_ours = name.get(..HEADER_PREFIX.len()).is_some_and(|head| head.eq_ignore_ascii_case(HEADER_PREFIX));
        if !is_ours {
            continue;
        }
        let nth = match seen.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                seen.push((name.clone(), 1));
                1
            }
        };
        edits.push(delete(&name, nth));
    }
    edits.reverse();
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forged_results_are_found_however_far_down() {
        let padding = "X-Padding: 0123456789012345678901234567890123456789\r\n".repeat(3_000);
        let raw = format!(
            "Authentication-Results: other.example; spf=pass\r\n{padding}\
             authentication-results:\r\n\tmx.own.example 1; dkim=pass\r\n\r\ntext\r\n"
        );
        assert_eq!(forged_results(raw.as_bytes(), "mx.own.example"), [delete(AUTHENTICATION_RESULTS, 2)]);
    }

    #[test]
    fn forged_marks_are_deleted_from_the_bottom_up() {
        let raw = b"X-Kith-ID: 1\r\nX-Other: x\r\nx-kith-id: 2\r\nX-Kith-Verdict: accept\r\n\r\nX-Kith-ID: body\r\n";
        let expected = [delete("X-Kith-Verdict", 1), delete("x-kith-id", 2), delete("X-Kith-ID", 1)];
        assert_eq!(forged_marks(raw), expected);
        assert_eq!(forged_marks(b"Subject: X-Kith\r\n\r\n"), []);
    }
}
