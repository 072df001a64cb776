//! The filter as a whole: its parts, and how they are opened, changed and closed.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use log::{error, info, warn};

use super::watch::Watch;
use super::{Counted, Meter, Settings};
use crate::auth::{self, Trust, Verifier};
use crate::baseline::{self, Baselines};
use crate::decision::DecisionId;
use crate::journal::{self, Ids, Journal};
use crate::mail::{Gap, Missing, Moment};
use crate::model::{self, Model};
use crate::quarantine::{Keep, KeyFault, SealKey, Store};
use crate::rules::InForce;
use crate::signals;

/// How often it is looked whether a command asks for something: a person waits for the answer.
const REQUESTS_EVERY: Duration = Duration::from_secs(1);

/// The filter. A reload makes another one on the same stores; transactions under way keep the one they began with.
pub struct Filter {
    pub(super) settings: Settings,
    pub(super) verifier: Arc<Verifier>,
    /// `None` where the settings name no rules, or they cannot be read.
    pub(super) rules: Option<Arc<InForce>>,
    /// `None` in a filter that only measures.
    pub(super) model: Option<Arc<Model>>,
    /// Our name in Authentication-Results.
    pub(super) authserv_id: String,
    pub(super) trust: Option<Trust>,
    pub(super) digests: journal::Digests,
    pub(super) seal_key: Option<SealKey>,
    pub(super) baselines: Option<Baselines>,
    /// Why there are no baselines, where there should be some.
    pub(super) baseline_gap: Option<Gap>,
    pub(super) journal: Option<Arc<Journal>>,
    pub(super) watch: Watch,
    /// The state directory, where there is one.
    state: Option<PathBuf>,
    /// Kith's own quarantine, open whoever keeps held mail: what was kept in it may come again.
    pub(super) store: Option<Arc<Store>>,
    pub(super) meter: Arc<Meter>,
    ids: Arc<Ids>,
}

/// Why the filter could not be made: the administrator's to mend.
#[derive(Debug)]
pub enum OpenError {
    /// Authentication cannot be set up.
    Auth(auth::SetUpError),
    /// The model in this folder (empty: the one that came with the program) cannot be used.
    Model(String, model::LoadError),
    /// The state directory cannot be made or written to.
    State(PathBuf, io::Error),
    /// The key of seals cannot be used.
    SealKey(KeyFault),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auth(error) => error.fmt(f),
            Self::Model(path, error) if path.is_empty() => {
                write!(f, "the model that came with the program cannot be used: {error}")
            }
            Self::Model(path, error) => write!(
                f,
                "the model in {path} (model.path) cannot be used: {error}; leave model.path empty for the one that came \
                 with the program"
            ),
            Self::State(path, error) => write!(
                f,
                "the state directory {} cannot be used: {error}; name another one by state_directory or --state, \
                 or give it to the user that kith runs as",
                path.display()
            ),
            Self::SealKey(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {}

impl Filter {
    /// How held mail is kept and let go.
    pub fn quarantine(&self) -> &crate::quarantine::Settings {
        &self.settings.quarantine
    }

    /// Opens a filter on a state directory, which is made where it is missing. Without one it has no baselines and
    /// writes no journal, as a scan of single messages needs.
    ///
    /// A store that cannot be opened does not keep mail from flowing: the filter runs without it, each message has a
    /// gap, and the log says what is degraded.
    pub fn open(settings: &Settings, state: Option<&Path>) -> Result<Self, OpenError> {
        let model = Self::scoring(settings)?;
        Self::open_with(settings, state, Some(model))
    }

    /// As [`Filter::open`], without a model: a filter that measures, as training needs it.
    pub fn open_unscored(settings: &Settings, state: Option<&Path>) -> Result<Self, OpenError> {
        Self::open_with(settings, state, None)
    }

    /// The model of these settings, or what the administrator is to be told.
    fn scoring(settings: &Settings) -> Result<Model, OpenError> {
        Self::model(settings).map_err(|error| OpenError::Model(settings.model.path.clone(), error))
    }

    /// The model of these settings.
    pub(super) fn model(settings: &Settings) -> Result<Model, model::LoadError> {
        let names: Vec<&str> = signals::registry().iter().map(|signal| signal.name).collect();
        Model::open(&settings.model, &names)
    }

    fn open_with(settings: &Settings, state: Option<&Path>, model: Option<Model>) -> Result<Self, OpenError> {
        let mut filter = Self::bare(settings, model)?;
        let Some(state) = state else {
            filter.rules = filter.rules_of(settings, None, None);
            return Ok(filter);
        };
        filter.state = Some(state.to_owned());
        make_state(state).map_err(|error| OpenError::State(state.to_owned(), error))?;
        filter.rules = filter.rules_of(settings, Some(state), None);
        filter.watch = Watch::open(&settings.anomaly, state);
        match SealKey::open(state) {
            Ok(key) => filter.seal_key = Some(key),
            Err(fault @ KeyFault::Exposed(..)) => return Err(OpenError::SealKey(fault)),
            Err(fault) => error!("degraded: {fault}; held mail that is released will be judged again"),
        }
        match Baselines::open_or_set_aside(&state.join(baseline::FOLDER), &settings.baseline) {
            Ok((baselines, aside)) => {
                if let Some(aside) = aside {
                    error!(
                        "degraded: the baselines were damaged ({}) and begin anew; the old ones lie in {}",
                        aside.why,
                        aside.moved_to.display()
                    );
                }
                filter.baselines = Some(baselines);
            }
            Err(fault) => {
                error!("degraded: {fault}; mail is judged without baselines");
                filter.baseline_gap = Some(Gap::new(Missing::Baseline, fault.to_string()));
            }
        }
        match Journal::open(&state.join(journal::FOLDER), &settings.journal) {
            Ok(journal) => filter.journal = Some(Arc::new(journal)),
            Err(fault) => error!("degraded: {fault}; decisions are not written down, and nothing is held"),
        }
        match Store::open(state) {
            Ok(store) => filter.store = Some(Arc::new(store)),
            Err(fault) if settings.quarantine.keep == Keep::Own => error!("degraded: {fault}; nothing is held"),
            Err(fault) => warn!("{fault}; what was kept in it and comes again is judged anew"),
        }
        Ok(filter)
    }

    /// Shares the baselines with other hosts where the settings say so: for the daemon, which alone tells of this host's
    /// mail.
    pub fn share(&self) {
        if let Some(Err(why)) = self.baselines.as_ref().map(Baselines::share) {
            error!("degraded: the baselines are not shared with other hosts: {why}");
        }
    }

    /// Whether a filter can be made of these settings, without opening any store.
    pub fn check(settings: &Settings) -> Result<(), OpenError> {
        let model = Self::scoring(settings)?;
        Self::bare(settings, Some(model)).map(|_| ())
    }

    /// A filter by other settings on the same stores. The settings of the baselines stay as they are.
    pub fn with(&self, settings: &Settings) -> Result<Self, OpenError> {
        let bare = Self::bare(settings, Some(Self::scoring(settings)?))?;
        if let Some(journal) = &self.journal {
            journal.keep_to(&settings.journal);
        }
        self.watch.keep_to(&settings.anomaly);
        let state = self.state.as_deref();
        let rules = match settings.rules.paths.is_empty() {
            true => None,
            // Rules that cannot be read now do not take those away that were read before.
            false => self.rules_of(settings, state, self.rules.as_deref()).or_else(|| self.rules.clone()),
        };
        Ok(Self {
            rules,
            state: self.state.clone(),
            seal_key: self.seal_key.clone(),
            baselines: self.baselines.clone(),
            baseline_gap: self.baseline_gap.clone(),
            journal: self.journal.clone(),
            watch: self.watch.clone(),
            store: self.store.clone(),
            meter: Arc::clone(&self.meter),
            ids: Arc::clone(&self.ids),
            ..bare
        })
    }

    fn bare(settings: &Settings, model: Option<Model>) -> Result<Self, OpenError> {
        let digests = journal::Digests {
            model: model.as_ref().map_or_else(String::new, |model| model.digest().to_owned()),
            signals: signals::digest(),
            policy: settings.policy.digest(),
        };
        let trusted = &settings.auth.trusted_authserv_ids;
        Ok(Self {
            settings: settings.clone(),
            rules: None,
            state: None,
            verifier: Arc::new(Verifier::new(&settings.auth).map_err(OpenError::Auth)?),
            model: model.map(Arc::new),
            authserv_id: settings.auth.our_authserv_id(),
            trust: (!trusted.is_empty()).then(|| Trust::Named(trusted.clone())),
            digests,
            seal_key: None,
            baselines: None,
            baseline_gap: None,
            journal: None,
            watch: Watch::new(&settings.anomaly),
            store: None,
            meter: Arc::default(),
            ids: Arc::default(),
        })
    }

    /// The same filter with other rules.
    pub(super) fn with_rules(&self, rules: Arc<InForce>) -> Self {
        Self {
            rules: Some(rules),
            settings: self.settings.clone(),
            verifier: Arc::clone(&self.verifier),
            model: self.model.clone(),
            authserv_id: self.authserv_id.clone(),
            trust: self.trust.clone(),
            digests: self.digests.clone(),
            seal_key: self.seal_key.clone(),
            baselines: self.baselines.clone(),
            baseline_gap: self.baseline_gap.clone(),
            journal: self.journal.clone(),
            watch: self.watch.clone(),
            state: self.state.clone(),
            store: self.store.clone(),
            meter: Arc::clone(&self.meter),
            ids: Arc::clone(&self.ids),
        }
    }

    /// What was counted since the start.
    pub fn counted(&self) -> Counted {
        self.meter.read()
    }

    /// The baselines, where they could be opened.
    pub fn baselines(&self) -> Option<&Baselines> {
        self.baselines.as_ref()
    }

    /// The journal, where it could be opened.
    pub fn journal(&self) -> Option<&Journal> {
        self.journal.as_deref()
    }

    /// Digests of all that makes decisions now.
    pub fn digests(&self) -> &journal::Digests {
        &self.digests
    }

    pub(super) fn next_id(&self, at: Moment) -> DecisionId {
        self.ids.next(at)
    }

    /// Fulfils what commands ask of the baselines while this program has them open, as long as it is polled.
    pub fn answer_requests(&self) -> impl Future<Output = ()> + use<> {
        let baselines = self.baselines.clone();
        async move {
            let Some(baselines) = baselines else { return };
            loop {
                tokio::time::sleep(REQUESTS_EVERY).await;
                let baselines = baselines.clone();
                // To take back reads all facts, which no thread of the mail may wait for.
                match tokio::task::spawn_blocking(move || baselines.answer_requests()).await {
                    Ok(Ok(0)) => {}
                    Ok(Ok(count)) => info!("baselines: {count} requests of the command line were answered"),
                    Ok(Err(why)) => warn!("baselines: a request of the command line could not be answered: {why}"),
                    Err(error) => error!("baselines: answering a request of the command line failed: {error}"),
                }
            }
        }
    }

    /// Writes what was learned but not yet written. What is written down later than this may be lost.
    pub fn close(&self) {
        self.watch.save();
        if let Some(Err(why)) = self.baselines.as_ref().map(Baselines::sync) {
            warn!("the last observations could not be written to the baselines: {why}");
        }
    }
}

/// Makes the state directory where it is missing. One that belongs to somebody else is the administrator's mistake; a
/// disk that is full or failing is not, and mail flows without it.
fn make_state(state: &Path) -> io::Result<()> {
    fs::create_dir_all(state)?;
    match tempfile::tempfile_in(state) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
        _ => Ok(()),
    }
}
