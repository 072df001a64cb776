//! What all pages share: the filter in force, the index, labels, sessions, users, and the log of what was done.

use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::activity::Activity;
use super::gates::Gates;
use super::index::Index;
use super::labels::Labels;
use super::limiter::Limiter;
use super::reports::Reports;
use super::sessions::{Lasting, Sessions};
use super::users::{Role, Users};
use super::{Settings, password};
use crate::filter::Filter;
use crate::journal;
use crate::mail::Moment;
use crate::milter::Counts;
use crate::quarantine::{Folder, Shelf};

/// The console's folder within the state directory.
const FOLDER: &str = "console";

/// A setting as it is shown: its key with its sections, and its value, secrets hidden.
pub type Shown = (String, String);

/// What the milter counts, whenever asked.
pub type Counting = Box<dyn Fn() -> Counts + Send + Sync>;

/// What all pages share.
pub(super) struct Console {
    pub(super) settings: Settings,
    pub(super) index: Index,
    pub(super) labels: Labels,
    pub(super) shelf: Shelf,
    pub(super) reports: Reports,
    pub(super) gates: Gates,
    pub(super) sessions: Sessions,
    pub(super) limiter: Limiter,
    pub(super) activity: Activity,
    pub(super) started: Moment,
    state: PathBuf,
    in_force: RwLock<(Arc<Filter>, Arc<Vec<Shown>>)>,
    counting: Counting,
    users: Mutex<Known>,
}

/// The file of users as it was last read, and its stamp then.
#[derive(Default)]
struct Known {
    stamp: Option<(i64, i64, u64)>,
    users: Arc<Users>,
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").field("state", &self.state).finish_non_exhaustive()
    }
}

impl Console {
    pub(super) fn open(
        settings: &Settings,
        state: &Path,
        in_force: (Arc<Filter>, Vec<Shown>),
        counting: Counting,
    ) -> io::Result<Self> {
        let folder = state.join(FOLDER);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        Ok(Self {
            settings: settings.clone(),
            index: Index::open(&state.join(journal::FOLDER), &folder.join("index"))?,
            labels: Labels::new(state),
            shelf: Shelf::of(Folder::of(state)),
            reports: Reports::default(),
            gates: Gates::default(),
            sessions: Sessions::default(),
            limiter: Limiter::default(),
            activity: Activity::open(&folder)?,
            started: Moment::now(),
            state: state.to_owned(),
            in_force: RwLock::new((in_force.0, Arc::new(in_force.1))),
            counting,
            users: Mutex::default(),
        })
    }

    /// Other settings are in force from now on.
    pub(super) fn replace(&self, filter: Arc<Filter>, shown: Vec<Shown>) {
        *self.in_force.write().unwrap_or_else(PoisonError::into_inner) = (filter, Arc::new(shown));
    }

    /// The filter in force.
    pub(super) fn filter(&self) -> Arc<Filter> {
        Arc::clone(&self.in_force.read().unwrap_or_else(PoisonError::into_inner).0)
    }

    /// The settings in force.
    pub(super) fn shown(&self) -> Arc<Vec<Shown>> {
        Arc::clone(&self.in_force.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// The state directory.
    pub(super) fn state(&self) -> &Path {
        &self.state
    }

    /// What the milter counted.
    pub(super) fn milter(&self) -> Counts {
        (self.counting)()
    }

    /// All who are known now. A file that cannot be read lets nobody in, and the log says why.
    pub(super) fn users(&self) -> Arc<Users> {
        let mut known = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = Users::stamp(&self.state);
        if known.stamp != stamp || stamp.is_none() {
            let users = Users::load(&self.state).unwrap_or_else(|error| {
                log::error!("console: nobody can sign in: users.json cannot be used: {error}");
                Users::default()
            });
            *known = Known { stamp, users: Arc::new(users) };
        }
        Arc::clone(&known.users)
    }

    /// How long a session lasts.
    pub(super) fn lasting(&self) -> Lasting {
        Lasting {
            idle: Duration::from_secs(self.settings.session_idle_minutes_max.saturating_mul(60)),
            whole: Duration::from_secs(self.settings.session_hours_max.saturating_mul(3_600)),
        }
    }

    /// Who has a session, and what he may do.
    pub(super) fn signed_in(&self, session: &str) -> Option<(String, Role)> {
        let users = self.users();
        let password = |name: &str| users.users.get(name).map(|user| user.password.clone());
        let name = self.sessions.find(session, self.lasting(), Instant::now(), password)?;
        let role = users.users.get(&name)?.role;
        Some((name, role))
    }

    /// Tries a name with a password: a session's id; `Err` with how long to wait where too many failed; `Ok(None)` where
    /// they do not fit.
    pub(super) fn sign_in(&self, name: &str, secret: &str, from: &str) -> io::Result<Result<Option<String>, Duration>> {
        let max = self.settings.sign_in_failures_max as usize;
        let keys = [(format!("name {name}"), max), (format!("address {from}"), max * 4)];
        if let Err(wait) = self.limiter.take(&keys, Instant::now()) {
            return Ok(Err(wait));
        }
        let users = self.users();
        let user = users.users.get(name);
        // A name that is none may be a password that was typed into the wrong field: it is not written down.
        let who = if user.is_some() { name } else { "somebody unknown" };
        if !password::is_behind(secret, user.map(|user| user.password.as_str())) {
            self.activity.note(who, from, "sign_in_refused", "");
            return Ok(Ok(None));
        }
        let Some(user) = user else { return Ok(Ok(None)) };
        self.limiter.forgive(&keys);
        let id = self.sessions.open(name, &user.password, Instant::now())?;
        self.activity.note(who, from, "signed_in", user.role.name());
        Ok(Ok(Some(id)))
    }
}
