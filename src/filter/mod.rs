//! The path of a message: parse → verify → recall → measure → match → score → compare → decide → hold → record → answer → learn.

mod again;
mod answer;
mod archived;
mod consult;
mod detectors;
mod explain;
mod judged;
mod keep;
mod meter;
mod open;
mod origin;
mod record;
mod renew;
mod replay;
mod report;
mod settings;
mod stored;
mod watch;

use std::sync::Arc;
use std::time::Instant;

use crate::anomaly::Finding;
use crate::auth::{AuthResults, Trust};
use crate::baseline::{Baseline, Query};
use crate::decision::{DecisionId, Findings, Mutes, decide, decisive};
use crate::evidence::Evidence;
use crate::mail::{Address, Direction, Domain, Envelope, Gap, Missing, Moment};
use crate::message::{self, Defect, Message};
use crate::model::Score;
use crate::quarantine::{Sealing, unseal};
use crate::rules::facts::View;
use crate::rules::{Heading, Matches};
use crate::signals::{self, Signals};

pub use again::{Again, Believed, Source, Unopened};
pub use explain::{explain, worded};
pub use judged::{Judged, Stages};
pub use meter::{Counted, Histogram, Meter, Sort, direction_name};
pub use open::{Filter, OpenError};
pub use origin::Origin;
pub use replay::{Replay, Unreplayable};
pub use settings::Settings;
pub use stored::came_at;

/// One message on its way.
pub struct Passage<'a> {
    /// What the SMTP session said.
    pub envelope: &'a Envelope,
    /// The message, with CRLF line ends.
    pub raw: &'a [u8],
    /// When it came.
    pub received_at: Moment,
    /// Whose Authentication-Results are taken instead of own checks; `None` as the settings say.
    pub trust: Option<&'a Trust>,
    /// What was known of it when it came before; `None` for a message that comes now.
    pub known: Option<&'a Known<'a>>,
}

/// What was known of a message when it came before, and is not to be found out again.
pub struct Known<'a> {
    /// What the sender proved.
    pub auth: &'a AuthResults,
    /// The decision after which a person had released it.
    pub released: Option<DecisionId>,
    /// Which detectors were muted.
    pub mutes: &'a Arc<Mutes>,
    /// How rare it was, by what was measured.
    pub rarity: &'a (dyn Fn(&Signals) -> Option<Finding> + Sync),
    /// What else is to be thought of the score and of what the rules say.
    pub amend: &'a (dyn Fn(&mut Option<Score>, &mut Option<Matches>) + Sync),
}

impl Filter {
    /// Judges a message: everything but the answer, the record and the learning.
    pub async fn judge(&self, passage: &Passage<'_>) -> Judged {
        let mut stages = Stages::default();
        let id = self.next_id(passage.received_at);
        let message = message::parse(passage.raw, &self.limits());
        stages.parse = stages.lap();
        let direction = self.settings.organisation.direction(passage.envelope);
        let auth = self.verify(passage, &message, direction).await;
        stages.verify = stages.lap();
        let mut query = Query::of(passage.envelope, &message, &auth, &self.settings.organisation, passage.received_at);
        let baseline = self.recall(&query, direction).await;
        query.solicited = baseline.answers_own(&query);
        query.first_contacts = baseline.first_contacts();
        stages.recall = stages.lap();
        let organisation = &self.settings.organisation;
        let evidence = Evidence::new(passage.envelope, &message, &auth, &baseline, organisation, passage.received_at);
        let signals = signals::measure(&evidence);
        stages.measure = stages.lap();
        let mut matches = self.rules.as_ref().map(|rules| rules.evaluate(View::of(&evidence)));
        stages.rules = stages.lap();
        let (mut score, mut gaps) = self.score(&signals);
        let (mut rarity, released, mutes) = match passage.known {
            None => (self.watch.compare(&signals, passage.received_at), self.released(passage), self.detectors.mutes()),
            Some(known) => {
                (known.amend)(&mut score, &mut matches);
                ((known.rarity)(&signals), known.released, Arc::clone(known.mutes))
            }
        };
        let withheld = mutes.withhold(score.as_mut(), rarity.as_mut(), matches.as_mut());
        stages.score = stages.lap();
        gaps.extend(content_gaps(&message));
        gaps.extend(matches.iter().flat_map(|matches| &matches.failed).map(failed_rule));
        gaps.extend(auth.gaps.iter().cloned());
        gaps.extend(baseline.gaps.iter().cloned());
        let findings = Findings {
            score: score.as_ref(),
            rarity: rarity.as_ref(),
            matches: matches.as_ref(),
            signal: &signals::find,
            auth: &auth,
            author: evidence.author(),
            sender: passage.envelope.sender.as_ref(),
            recipients: &passage.envelope.recipients,
            direction,
            gaps: &gaps,
            released,
        };
        let decision = decide(&findings, &self.settings.policy);
        let decisive = decisive(&findings, &self.settings.policy);
        stages.decide = stages.lap();
        Judged {
            id,
            received_at: passage.received_at,
            message,
            auth,
            query,
            direction,
            signals,
            score,
            rarity,
            matches,
            reached: baseline.reached,
            released,
            withheld,
            decisive,
            decision,
            stages,
        }
    }

    /// The limits of parsing. No signal looks into a file, only rules do: without them the files kept would fill the memory
    /// of all messages under way for nothing.
    fn limits(&self) -> message::Settings {
        match self.rules.as_ref().is_some_and(|rules| rules.reads_files()) {
            true => self.settings.message.clone(),
            false => self.settings.message.keeping_no_content(),
        }
    }

    /// What the sender proved: by a trusted host's word where there is one, else by our own look-ups. A message that
    /// proved to be the organisation's own by login or network has nothing to prove to us.
    async fn verify(&self, passage: &Passage<'_>, message: &Message, direction: Direction) -> AuthResults {
        if let Some(known) = passage.known {
            return known.auth.clone();
        }
        if let Some(results) = self.trusted_results(passage, message) {
            return results;
        }
        if passage.trust.is_some() || direction != Direction::Inbound {
            return AuthResults::default();
        }
        self.verifier.verify(passage.envelope, passage.raw, one_author_domain(message)).await
    }

    fn trusted_results(&self, passage: &Passage<'_>, message: &Message) -> Option<AuthResults> {
        let trust = passage.trust.or(self.trust.as_ref())?;
        crate::auth::read_trusted(message.headers.iter().map(|h| (h.name.as_str(), h.value.as_str())), trust)
    }

    async fn recall(&self, query: &Query, direction: Direction) -> Baseline {
        match &self.baselines {
            Some(baselines) => baselines.recall_shared(query).await,
            None => Baseline::unknown(direction, self.baseline_gap.clone()),
        }
    }

    fn score(&self, signals: &Signals) -> (Option<Score>, Vec<Gap>) {
        let Some(model) = &self.model else { return (None, Vec::new()) };
        match model.infer(&signals.0) {
            Ok(score) => (Some(score), Vec::new()),
            Err(error) => {
                log::error!("the model could not score a message: {error}");
                (None, vec![Gap::new(Missing::Score, error.to_string())])
            }
        }
    }

    /// The decision by which this message was held before, where its seal says that a person released it.
    fn released(&self, passage: &Passage<'_>) -> Option<DecisionId> {
        let key = self.seal_key.as_ref()?;
        let recipients = &passage.envelope.recipients;
        match unseal(key, passage.raw, recipients, passage.received_at, &self.settings.quarantine) {
            Sealing::Absent => None,
            Sealing::Released(id) => Some(id),
            Sealing::Permitted(id, token) => self.permitted(id, &token, recipients),
            Sealing::Broken(flaw) => {
                log::warn!("a message bears a seal of held mail that does not hold: {}", flaw.name());
                None
            }
        }
    }
}

/// The domain of the author; `None` where From names several, of which DMARC can prove none (RFC 9989 §4.1).
fn one_author_domain(message: &Message) -> Option<&Domain> {
    let mut domains = message.from.iter().filter_map(|mailbox| mailbox.address.as_ref()).map(Address::domain);
    let first = domains.next()?;
    domains.all(|other| other == first).then_some(first)
}

/// What a rule that failed leaves unknown.
fn failed_rule(rule: &Arc<Heading>) -> Gap {
    Gap::new(Missing::Content, format!("the rule {} failed on this message", rule.key))
}

/// The parts of the content that could not be read.
fn content_gaps(message: &Message) -> impl Iterator<Item = Gap> + '_ {
    message.defects.iter().filter_map(|defect| Some(Gap::new(Missing::Content, hidden(*defect)?)))
}

/// What a defect keeps from being read; `None` where all was read all the same.
fn hidden(defect: Defect) -> Option<&'static str> {
    Some(match defect {
        Defect::PartsBeyondLimit => "the message has more parts than message.parts_max",
        Defect::DepthBeyondLimit => "the message is deeper than message.depth_max",
        Defect::TextBeyondLimit => "the message has more text than message.text_bytes_max or html_bytes_max",
        Defect::LinksBeyondLimit => "the message has more links than message.links_max",
        Defect::AttachmentsBeyondLimit => "the message has more attachments than message.attachments_max",
        Defect::ParserFailed => "the parser failed on this message",
        _ => return None,
    })
}

impl Stages {
    /// Microseconds since the last call, or since the start.
    fn lap(&mut self) -> u32 {
        let now = Instant::now();
        let passed = now.duration_since(self.since).as_micros();
        self.since = now;
        u32::try_from(passed).unwrap_or(u32::MAX)
    }
}
