//! The detectors of the filter and their health: what each message shows of them, what is told, and what people say.

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use log::{error, info, warn};
use tokio::task::spawn_blocking;

use super::{Filter, Judged};
use crate::anomaly;
use crate::decision::{MODEL, Mutes, RARITY_PREFIX, RULE_PREFIX};
use crate::health::{Board, Event, Keeper, Labelled, Prior, Row, Said, Seen, Settings, Speaking};
use crate::mail::{Address, Moment};
use crate::model::Model;
use crate::rules::InForce;
use crate::rules::in_force::Grounds;
use crate::signals;

/// How often it is looked whether somebody says something of a detector: a person waits for it.
const ORDERS_EVERY: Duration = Duration::from_secs(1);
/// And, in these looks, how often labels are read and the board is written: a crash loses so many seconds.
const WRITTEN_EVERY: u32 = 60;
/// The share of messages that a rule is taken to match at least, and the most and the fewest messages that its backtest
/// counts for: a few weeks of a small host, so that what it does here comes to weigh more.
const SHARE_MIN: f64 = 1.0 / 2_000.0;
const TESTED_MAX: u64 = 20_000;
const TESTED_MIN: u64 = 200;

/// The board of detectors, shared by all filters on one state directory, and where it is kept.
#[derive(Clone)]
pub(super) struct Detectors {
    board: Arc<Mutex<Board>>,
    kept: Option<Arc<Kept>>,
}

struct Kept {
    keeper: Arc<Keeper>,
    labelled: Mutex<Labelled>,
}

fn names() -> Vec<&'static str> {
    signals::registry().iter().map(|signal| signal.name).collect()
}

impl Detectors {
    /// A board that is kept nowhere.
    pub(super) fn new(settings: &Settings) -> Self {
        Self { board: Arc::new(Mutex::new(Board::new(settings, &names()))), kept: None }
    }

    /// The board of a state directory.
    pub(super) fn open(settings: &Settings, state: &Path) -> Self {
        let keeper = Arc::new(Keeper::new(state));
        let board = Arc::new(Mutex::new(keeper.read(settings, &names())));
        Self { board, kept: Some(Arc::new(Kept { keeper, labelled: Mutex::new(Labelled::of(state)) })) }
    }

    pub(super) fn keep_to(&self, settings: &Settings) {
        self.board().keep_to(settings);
    }

    /// The detectors that are muted now.
    pub(super) fn mutes(&self) -> Arc<Mutes> {
        self.board().mutes()
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        // What a panic left is sound: all that is counted are whole numbers.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the board down as it is now.
    pub(super) fn save(&self) {
        if let Some(kept) = &self.kept {
            let write = {
                let board = self.board();
                (board.passed() > 0).then(|| kept.keeper.writing(&board))
            };
            write.into_iter().for_each(|write| write());
        }
    }

    /// Does what people said since the last look.
    fn obey(&self) {
        let Some(kept) = &self.kept else { return };
        let mut events = Vec::new();
        let mut board = self.board();
        match kept.keeper.unheard(&board) {
            Ok(said) => {
                kept.keeper.heard(&mut board, said.len());
                for one in &said {
                    match board.obey(one, Moment::now()) {
                        Some(event) => events.push(event),
                        None => warn!("health: {} {}: there is nothing to do", one.order.name(), one.detector),
                    }
                }
            }
            Err(error) => warn!("health: what people say of detectors cannot be read: {error}"),
        }
        drop(board);
        if !events.is_empty() {
            // What is told of must not be lost.
            self.save();
            tell(&events);
        }
    }

    /// Reads what was labelled since the last look, goes on to now, and writes the board down.
    fn tend(&self, now: Moment) {
        let Some(kept) = &self.kept else { return };
        let mut labelled = kept.labelled.lock().unwrap_or_else(PoisonError::into_inner);
        let looked = labelled.look(now);
        let mut board = self.board();
        let mut events = board.advance(now);
        match looked {
            // What was labelled before an alert may be of its time.
            Ok(is_new) if is_new || board.is_alert() => {
                let each = labelled.known().iter();
                let each = each.map(|(at, is_safe, names)| (*at, *is_safe, names.iter().map(String::as_str)));
                events.extend(board.label(each));
            }
            Ok(_) => {}
            Err(error) => warn!("health: the labels cannot be read: {error}"),
        }
        drop(board);
        self.save();
        tell(&events);
    }
}

/// Has the log say what happened: each onset once, and each end.
fn tell(events: &[Event]) {
    for Event { detector, kind, words } in events {
        match kind.is_bad() {
            true => warn!("health: {detector}: {words}"),
            false => info!("health: {detector}: {words}"),
        }
    }
}

/// What a backtest tells of a rule before it is in force.
fn prior(grounds: &Grounds) -> Prior {
    let share = grounds.matched as f64 / grounds.messages.max(1) as f64;
    Prior { share: share.clamp(SHARE_MIN, 1.0), messages: grounds.messages.clamp(TESTED_MIN, TESTED_MAX) as f64 }
}

impl Filter {
    /// Names the detectors that this filter has.
    pub(super) fn declare(&self) {
        let rarity: Vec<String> =
            anomaly::detectors().iter().map(|detector| format!("{RARITY_PREFIX}{}", detector.name)).collect();
        let rules = self.rules.iter().flat_map(|rules| rules.set().headings());
        let mut board = self.detectors.board();
        board.declare(rarity.iter().map(String::as_str), rules.map(|rule| (rule.key.as_str(), rule.digest.as_str())));
        if let Some(model) = &self.model {
            board.scored_by(model.digest());
        }
    }

    /// Takes in what a message shows of the detectors.
    pub(super) fn watch_detectors(&self, judged: &Judged) {
        let from = judged.message.author().map(|author| Address::domain(author).registrable());
        let speaking = self.speaking(judged);
        let seen = Seen {
            at: judged.received_at,
            from: from.as_ref().map(|domain| domain.as_str()),
            values: &judged.signals.0,
            score: judged.score.as_ref().map(|score| score.points),
            speaking: &speaking,
        };
        let mut board = self.detectors.board();
        let events = board.observe(&seen);
        if let Some((rules, matches)) = self.rules.as_ref().zip(judged.matches.as_ref()) {
            let keys = rules.set().headings().map(|rule| rule.key.as_str());
            board.time(keys.zip(matches.elapsed_ns.iter().copied()));
        }
        drop(board);
        tell(&events);
    }

    /// Who speaks against a message, muted detectors too.
    fn speaking<'a>(&self, judged: &'a Judged) -> Vec<Speaking<'a>> {
        let one = |name: Cow<'a, str>, prior| {
            let is_decisive = judged.decisive.iter().any(|decisive| *decisive == name);
            Speaking { name, is_decisive, prior }
        };
        let parts = judged.score.iter().flat_map(|score| &score.contributions);
        let parts = parts.map(|part| (part.input.as_str(), part.points));
        let withheld = judged.withheld.points.iter().map(|(name, points)| (name.as_str(), *points));
        let mut all: Vec<Speaking<'a>> = parts
            .chain(withheld)
            .filter(|(_, points)| *points > 0.0)
            .map(|(name, _)| one(Cow::Borrowed(name), None))
            .collect();
        if let (Some(rules), Some(matches)) = (&self.rules, &judged.matches) {
            all.extend(matches.matched.iter().map(|found| {
                let prior = rules.grounds(&found.rule).as_ref().map(prior);
                one(Cow::Owned(format!("{RULE_PREFIX}{}", found.rule.key)), prior)
            }));
        }
        let alert = judged.rarity.as_ref().filter(|finding| finding.alert).map(|finding| finding.detector);
        let alert = alert.or(judged.withheld.alert);
        all.extend(alert.map(|detector| one(Cow::Owned(format!("{RARITY_PREFIX}{detector}")), None)));
        let decision = &judged.decision;
        if decision.score.is_some_and(|score| score >= decision.threshold) {
            all.push(one(Cow::Borrowed(MODEL), None));
        }
        all
    }

    /// Does what people say of detectors, reads labels and writes the board down, as long as it is polled.
    pub fn tend_detectors(&self) -> impl Future<Output = ()> + use<> {
        let detectors = self.detectors.clone();
        async move {
            let mut looks: u32 = 0;
            loop {
                tokio::time::sleep(ORDERS_EVERY).await;
                looks = looks.wrapping_add(1);
                let (detectors, tends) = (detectors.clone(), looks.is_multiple_of(WRITTEN_EVERY));
                let look = move || {
                    detectors.obey();
                    if tends {
                        detectors.tend(Moment::now());
                    }
                };
                if let Err(error) = spawn_blocking(look).await {
                    error!("health: looking after the detectors failed: {error}");
                }
            }
        }
    }

    /// As [`Filter::tend_detectors`] does once in a while, now.
    pub fn tend_detectors_now(&self, now: Moment) {
        self.detectors.obey();
        self.detectors.tend(now);
    }

    /// All detectors, those first of which something is the matter.
    pub fn health(&self) -> Vec<Row> {
        self.detectors.board().rows()
    }

    /// One detector; `None` where there is none of this name.
    pub fn health_of(&self, detector: &str) -> Option<Row> {
        self.detectors.board().row(detector)
    }

    /// The rules in force, where there are any.
    pub fn rules(&self) -> Option<&InForce> {
        self.rules.as_deref()
    }

    /// The model in force; `None` in a filter that only measures.
    pub fn model_in_force(&self) -> Option<&Model> {
        self.model.as_deref()
    }

    /// Writes down what somebody says of a detector, and does it.
    ///
    /// # Errors
    /// It cannot be written down, and is not done.
    pub fn say_of_detector(&self, said: &Said) -> io::Result<()> {
        let kept = self.detectors.kept.as_ref();
        kept.ok_or_else(|| io::Error::other("there is no state directory"))?.keeper.say(said)?;
        self.detectors.obey();
        Ok(())
    }
}
