//! Messages at rest on the same path: judged for a scan, measured for training, learned from for a cold start.

use std::future::Future;

use super::{Filter, Judged, Origin, Passage};
use crate::auth::AuthResults;
use crate::baseline::{Learned, Observation, Query};
use crate::mail::{Envelope, Moment};
use crate::message::{self, Message};

impl Filter {
    /// Judges a message at rest as if it came now, and lets the baselines learn it if `origin` says so.
    pub async fn judge_stored(&self, raw: &[u8], origin: &Origin) -> Judged {
        let head = self.head(raw);
        let envelope = origin.envelope(&head, &self.settings.organisation);
        let received_at = if origin.learn { came_at(&head).unwrap_or_else(Moment::now) } else { Moment::now() };
        let judged = self.judge_at(raw, &envelope, origin, received_at).await;
        if origin.learn {
            self.learn_stored(&judged);
        }
        judged
    }

    /// Judges a message at rest as of the moment it came, by its own header fields; `otherwise` where they do not say.
    /// Nothing is learned: see [`Filter::learn_stored`].
    pub async fn judge_as_of(&self, raw: &[u8], origin: &Origin, otherwise: Moment) -> Judged {
        let head = self.head(raw);
        let envelope = origin.envelope(&head, &self.settings.organisation);
        self.judge_at(raw, &envelope, origin, came_at(&head).unwrap_or(otherwise)).await
    }

    fn judge_at<'a>(
        &'a self,
        raw: &'a [u8],
        envelope: &'a Envelope,
        origin: &'a Origin,
        received_at: Moment,
    ) -> impl Future<Output = Judged> + 'a {
        let trust = origin.trust.as_ref();
        async move { self.judge(&Passage { envelope, raw, received_at, trust, known: None }).await }
    }

    /// Lets the baselines learn a message at rest at once, so that the next one is compared with it.
    pub fn learn_stored(&self, judged: &Judged) {
        let learned = self.baselines.as_ref().map(|baselines| baselines.learn_now(&kept(judged)));
        if learned != Some(Learned::Known) {
            self.watch.remember(&judged.signals, judged.received_at);
        }
    }

    /// Lets the baselines learn a message at rest as one that was refused.
    pub fn learn_refused(&self, judged: &Judged) {
        let Some(baselines) = &self.baselines else { return };
        baselines.learn_now(&Observation { query: judged.query.clone(), delivered: false, refused: true });
    }

    /// As [`Filter::learn_stored`], and remembers that `source` was imported up to `position`.
    ///
    /// # Errors
    /// Why the message was not learned.
    pub fn learn_import(&self, judged: &Judged, source: &str, position: u64) -> Result<(), String> {
        let baselines = self.baselines.as_ref().ok_or_else(|| self.no_baselines())?;
        match baselines.learn_import(&kept(judged), source, position) {
            Learned::Dropped => Err("the baselines cannot be written; see the log for the reason".to_owned()),
            Learned::Known => Ok(()),
            Learned::Queued | Learned::Counted => {
                self.watch.remember(&judged.signals, judged.received_at);
                Ok(())
            }
        }
    }

    /// Lets the baselines learn that a message passed of which there is no content, and remembers that an import came so
    /// far. What was proved is not known either: mail of one to whom our own people wrote before counts as authentic, all
    /// other builds no trust. Traits stay unknown.
    ///
    /// # Errors
    /// Why it was not learned.
    pub fn learn_passed(
        &self,
        envelope: &Envelope,
        message_id: &str,
        at: Moment,
        (source, position): (&str, u64),
    ) -> Result<(), String> {
        let baselines = self.baselines.as_ref().ok_or_else(|| self.no_baselines())?;
        if envelope.sender.is_none() {
            // A bounce has no author.
            baselines.set_import_mark(source, position);
            return Ok(());
        }
        let message = Message { message_id: Some(message_id.to_owned()), ..Message::default() };
        let mut query = Query::of(envelope, &message, &AuthResults::default(), &self.settings.organisation, at);
        query.traits.entries.clear();
        query.campaign.clear();
        let known = || baselines.recall(&query).sender.is_some_and(|sender| sender.is_solicited());
        if !query.own && known() {
            query.take_for_authentic();
        }
        let observation = Observation { query, delivered: true, refused: false };
        match baselines.learn_import(&observation, source, position) {
            Learned::Dropped => Err("the baselines cannot be written; see the log for the reason".to_owned()),
            Learned::Queued | Learned::Counted | Learned::Known => Ok(()),
        }
    }

    /// Remembers that an import came so far, after all that was learned before.
    ///
    /// # Errors
    /// There are no baselines; why.
    pub fn set_import_mark(&self, source: &str, position: u64) -> Result<(), String> {
        let baselines = self.baselines.as_ref().ok_or_else(|| self.no_baselines())?;
        baselines.set_import_mark(source, position);
        Ok(())
    }

    /// How many messages of `source` were imported before.
    ///
    /// # Errors
    /// There are no baselines; why.
    pub fn import_mark(&self, source: &str) -> Result<u64, String> {
        let baselines = self.baselines.as_ref().ok_or_else(|| self.no_baselines())?;
        Ok(baselines.import_mark(source).unwrap_or(0))
    }

    fn no_baselines(&self) -> String {
        self.baseline_gap.as_ref().map_or_else(|| "there is no state directory".to_owned(), |gap| gap.why.clone())
    }

    /// The header of a message, parsed.
    pub fn head(&self, raw: &[u8]) -> Message {
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n").map_or(raw.len(), |at| at + 4);
        message::parse(&raw[..end], &self.settings.message)
    }
}

/// What the baselines learn of a message that was kept. Mail of which no host ever said whether it was authentic counts
/// as authentic: it was delivered, and is kept.
fn kept(judged: &Judged) -> Observation {
    let mut query = judged.query.clone();
    if !judged.auth.are_known() {
        query.take_for_authentic();
    }
    Observation { query, delivered: true, refused: false }
}

/// When a message came: by its newest Received field that has a readable date, else by its Date.
pub fn came_at(head: &Message) -> Option<Moment> {
    head.hops.iter().find_map(|hop| hop.at).or(head.date)
}
