//! The evidence of a message at rest, for who has a question of his own.

use super::{Filter, Origin, Passage, came_at};
use crate::baseline::Query;
use crate::evidence::Evidence;
use crate::mail::Moment;
use crate::message;

impl Filter {
    /// Parses, verifies and recalls a message at rest as of the moment it came, and asks. Nothing is judged or learned.
    pub async fn consult<T>(&self, raw: &[u8], origin: &Origin, ask: impl FnOnce(&Evidence<'_>) -> T) -> T {
        let organisation = &self.settings.organisation;
        let message = message::parse(raw, &self.settings.message);
        let envelope = origin.envelope(&message, organisation);
        let received_at = came_at(&message).unwrap_or_else(Moment::now);
        let passage = Passage { envelope: &envelope, raw, received_at, trust: origin.trust.as_ref(), known: None };
        let direction = organisation.direction(&envelope);
        let auth = self.verify(&passage, &message, direction).await;
        let query = Query::of(&envelope, &message, &auth, organisation, received_at);
        let baseline = self.recall(&query, direction).await;
        ask(&Evidence::new(&envelope, &message, &auth, &baseline, organisation, received_at))
    }
}
