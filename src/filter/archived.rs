//! What of a decided message is archived, so that it can be decided on again.

use super::{Filter, Judged};
use crate::archive::{Facts, Item};
use crate::mail::Envelope;

impl Filter {
    /// Whether a message is to be archived.
    pub(super) fn archives(&self, judged: &Judged) -> bool {
        let score = judged.score.as_ref().map(|score| score.points);
        self.archive.as_ref().is_some_and(|archive| archive.wants(judged.id, score))
    }

    /// Has a message archived, where it is to be; waits for nothing. Of one that Kith's quarantine keeps already, only what
    /// differs from the `copy` there.
    pub(super) fn archive(&self, judged: &Judged, envelope: Envelope, raw: Vec<u8>, copy: Option<Vec<u8>>) {
        let Some(archive) = self.archive.as_ref().filter(|_| self.archives(judged)) else { return };
        archive.keep(Item {
            id: judged.id,
            reached: judged.reached,
            facts: Facts {
                at: judged.received_at,
                envelope,
                auth: judged.auth.clone(),
                released: judged.released,
                kept_as: copy.is_some().then_some(judged.id),
            },
            message: raw,
            near: copy,
        });
    }
}
