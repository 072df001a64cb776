//! Messages at rest on the same path: judged for a scan, measured for training, learned from for a cold start.

use std::future::Future;

use super::{Filter, Judged, Origin, Passage};
use crate::baseline::Observation;
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
            self.learn_stored(&judged, &envelope);
        }
        judged
    }

    /// Judges a message at rest as of the moment it came, by its own header fields; `otherwise` where they do not say.
    /// Nothing is learned: see [`Filter::learn_stored`].
    pub async fn judge_as_of(&self, raw: &[u8], origin: &Origin, otherwise: Moment) -> (Judged, Envelope) {
        let head = self.head(raw);
        let envelope = origin.envelope(&head, &self.settings.organisation);
        let judged = self.judge_at(raw, &envelope, origin, came_at(&head).unwrap_or(otherwise)).await;
        (judged, envelope)
    }

    fn judge_at<'a>(
        &'a self,
        raw: &'a [u8],
        envelope: &'a Envelope,
        origin: &'a Origin,
        received_at: Moment,
    ) -> impl Future<Output = Judged> + 'a {
        let trust = origin.trust.as_ref();
        async move { self.judge(&Passage { envelope, raw, received_at, trust }).await }
    }

    /// Lets the baselines learn a message at rest at once, so that the next one is compared with it. Mail of which no
    /// host ever said whether it was authentic counts as authentic: it was delivered, and is kept.
    pub fn learn_stored(&self, judged: &Judged, envelope: &Envelope) {
        let Some(baselines) = &self.baselines else { return };
        let authenticated = !judged.auth.are_known() || judged.is_authenticated(envelope.sender.as_ref());
        baselines.learn_now(Observation {
            delivered: true,
            refused: false,
            authenticated,
            ..self.observation(judged, envelope)
        });
    }

    /// The header of a message, parsed.
    pub fn head(&self, raw: &[u8]) -> Message {
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n").map_or(raw.len(), |at| at + 4);
        message::parse(&raw[..end], &self.settings.message)
    }
}

/// When a message came: by its newest Received field that has a readable date, else by its Date.
pub fn came_at(head: &Message) -> Option<Moment> {
    head.hops.iter().find_map(|hop| hop.at).or(head.date)
}
