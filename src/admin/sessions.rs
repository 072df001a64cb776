//! Who is signed in: in memory alone, so that a restart signs everybody out.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::secret;

/// Sessions at once; beyond them the one that was used longest ago ends. A hundred bytes each.
const SESSIONS_MAX: usize = 1_000;

#[derive(Clone, Debug)]
struct Session {
    name: String,
    /// Digest of the password's hash, so that another password ends it.
    stamp: String,
    begun: Instant,
    used: Instant,
}

/// How long a session lasts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lasting {
    /// Without being used.
    pub(super) idle: Duration,
    /// In any case.
    pub(super) whole: Duration,
}

/// All sessions, by the digest of their id: what could be read in memory or a dump is worth nothing.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    /// Begins a session; its id.
    pub(super) fn open(&self, name: &str, password: &str, now: Instant) -> io::Result<String> {
        let id = secret::draw()?;
        let mut sessions = self.all();
        if sessions.len() >= SESSIONS_MAX {
            let oldest = sessions.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| key.clone());
            oldest.and_then(|key| sessions.remove(&key));
        }
        let session = Session { name: name.to_owned(), stamp: secret::digest(password), begun: now, used: now };
        sessions.insert(secret::digest(&id), session);
        Ok(id)
    }

    /// Who has this session, and lets it last on; `None` where it has ended. `password` gives the hash of a name's
    /// password as it is now.
    pub(super) fn find(
        &self,
        id: &str,
        lasting: Lasting,
        now: Instant,
        password: impl FnOnce(&str) -> Option<String>,
    ) -> Option<String> {
        let key = secret::digest(id);
        let mut sessions = self.all();
        let session = sessions.get_mut(&key)?;
        let lasts =
            now.duration_since(session.used) < lasting.idle && now.duration_since(session.begun) < lasting.whole;
        let holds = |hash: String| secret::same(&secret::digest(&hash), &session.stamp);
        if !lasts || !password(&session.name).is_some_and(holds) {
            sessions.remove(&key);
            return None;
        }
        session.used = now;
        Some(session.name.clone())
    }

    /// Ends a session.
    pub(super) fn close(&self, id: &str) {
        self.all().remove(&secret::digest(id));
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LASTING: Lasting = Lasting { idle: Duration::from_secs(100), whole: Duration::from_secs(250) };

    fn find(sessions: &Sessions, id: &str, now: Instant) -> Option<String> {
        sessions.find(id, LASTING, now, |_| Some("hash".to_owned()))
    }

    #[test]
    fn a_session_ends_when_idle_and_in_any_case() {
        let (sessions, begun) = (Sessions::default(), Instant::now());
        let at = |seconds| begun + Duration::from_secs(seconds);
        let id = sessions.open("ann", "hash", begun).expect("opened");
        assert_eq!(find(&sessions, &id, at(99)).as_deref(), Some("ann"));
        assert_eq!(find(&sessions, &id, at(198)).as_deref(), Some("ann"), "it was used meanwhile");
        assert_eq!(find(&sessions, &id, at(250)), None);
        let idle = sessions.open("ann", "hash", begun).expect("opened");
        assert_eq!(find(&sessions, &idle, at(100)), None);
        assert_eq!(find(&sessions, &idle, at(1)), None, "what has ended does not begin again");
    }

    #[test]
    fn signing_out_another_password_and_a_removed_user_end_it() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let open = || sessions.open("ann", "hash", now).expect("opened");
        let id = open();
        sessions.close(&id);
        assert_eq!(find(&sessions, &id, now), None);
        assert_eq!(sessions.find(&open(), LASTING, now, |_| Some("other".to_owned())), None);
        assert_eq!(sessions.find(&open(), LASTING, now, |_| None), None);
        assert_eq!(find(&sessions, "guessed", now), None);
    }

    #[test]
    fn sessions_have_a_limit() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let first = sessions.open("ann", "hash", now).expect("opened");
        let later = now + Duration::from_secs(1);
        (1..SESSIONS_MAX).for_each(|_| drop(sessions.open("bob", "hash", later).expect("opened")));
        assert!(find(&sessions, &first, now).is_some());
        drop(sessions.open("bob", "hash", later).expect("opened"));
        assert_eq!((find(&sessions, &first, now), sessions.all().len()), (None, SESSIONS_MAX));
    }
}
