//! Who may sign in, and which programs may ask: one file of the state directory, with hashes and no password.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{password, secret};
use crate::mail::Moment;

/// Name of the file.
const FILE: &str = "users.json";
/// Held while the file is changed.
const LOCK: &str = "users.lock";
/// Longest name.
const NAME_BYTES_MAX: usize = 64;
/// What tokens begin with, so that one that leaked is recognised.
const TOKEN_PREFIX: &str = "kith_";

/// What one may do, least first; each may do what those before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Look at decisions and figures.
    Viewer,
    /// Label decisions.
    Operator,
    /// See who did what.
    Administrator,
}

impl Role {
    /// All, least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Operator, Self::Administrator];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Administrator => "administrator",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// What he may do.
    pub role: Role,
    /// His password's hash, in the PHC form.
    pub password: String,
    /// When that was set, by RFC 3339.
    pub since: String,
}

/// A program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// What it may do.
    pub role: Role,
    /// SHA-256 of the token.
    pub digest: String,
    /// When it was made, by RFC 3339.
    pub since: String,
}

/// All who are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Users {
    /// People by name.
    pub users: BTreeMap<String, User>,
    /// Programs by name.
    pub tokens: BTreeMap<String, Token>,
}

/// Why the file of users could not be changed.
#[derive(Debug)]
pub enum UsersFault {
    /// The file or the state directory cannot be used.
    Unusable(io::Error),
    /// The name is not one.
    Name(String),
    /// The name is taken.
    Known(String),
    /// Nobody is called so.
    Unknown(String),
    /// The password is no good one.
    Password(String),
}

impl fmt::Display for UsersFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(error) => {
                write!(f, "the file {FILE} of the state directory cannot be used: {error}; check its owner and mode")
            }
            Self::Name(name) => write!(
                f,
                "{name:?} is no name; take letters, digits and any of . _ @ - , at most {NAME_BYTES_MAX} of them"
            ),
            Self::Known(name) => write!(f, "{name} is there already; remove it first"),
            Self::Unknown(name) => write!(f, "nobody is called {name}"),
            Self::Password(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for UsersFault {}

impl From<io::Error> for UsersFault {
    fn from(error: io::Error) -> Self {
        Self::Unusable(error)
    }
}

impl Users {
    /// Reads the file of a state directory; nobody is known where there is none.
    ///
    /// # Errors
    /// It cannot be read, is damaged, or may be read by others than its owner.
    pub fn load(state: &Path) -> io::Result<Self> {
        let path = state.join(FILE);
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Ok(metadata) if metadata.mode() & 0o077 == 0 => {}
            Ok(metadata) => {
                let mode = metadata.mode() & 0o777;
                return Err(io::Error::other(format!("it has mode {mode:04o}; chmod 0600 {}", path.display())));
            }
            Err(error) => return Err(error),
        }
        serde_json::from_slice(&fs::read(&path)?).map_err(io::Error::from)
    }

    /// What is another after each change of the file; `None` where there is none.
    pub(super) fn stamp(state: &Path) -> Option<(i64, i64, u64)> {
        let metadata = fs::metadata(state.join(FILE)).ok()?;
        Some((metadata.mtime(), metadata.mtime_nsec(), metadata.ino()))
    }

    /// Changes the file of a state directory, alone.
    ///
    /// # Errors
    /// What the change refused, or why the file could not be written.
    pub fn change<T>(state: &Path, change: impl FnOnce(&mut Self) -> Result<T, UsersFault>) -> Result<T, UsersFault> {
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(state.join(LOCK))?;
        lock.lock()?;
        let mut users = Self::load(state)?;
        let changed = change(&mut users)?;
        users.store(state)?;
        Ok(changed)
    }

    /// Replaces the file at once. It belongs to whom the state directory belongs, for it is the daemon that reads it.
    fn store(&self, state: &Path) -> io::Result<()> {
        let mut draft = tempfile::Builder::new().prefix(".users-").tempfile_in(state)?;
        draft.write_all(&serde_json::to_vec_pretty(self)?)?;
        draft.as_file().set_permissions(fs::Permissions::from_mode(0o600))?;
        let (owner, own) = (fs::metadata(state)?, draft.as_file().metadata()?);
        if owner.uid() != own.uid() {
            chown(draft.path(), Some(owner.uid()), Some(owner.gid()))?;
        }
        draft.as_file().sync_all()?;
        draft.persist(state.join(FILE)).map_err(|error| error.error)?;
        File::open(state)?.sync_all()
    }

    /// Adds a person.
    ///
    /// # Errors
    /// The name or the password is none, or the name is taken.
    pub fn add_user(&mut self, name: &str, role: Role, password: &str) -> Result<(), UsersFault> {
        named(name)?;
        if self.users.contains_key(name) {
            return Err(UsersFault::Known(name.to_owned()));
        }
        let password = password::hash(password).map_err(UsersFault::Password)?;
        self.users.insert(name.to_owned(), User { role, password, since: Moment::now().rfc3339() });
        Ok(())
    }

    /// Gives a person another password; whoever is signed in by the old one is signed out.
    ///
    /// # Errors
    /// Nobody is called so, or the password is none.
    pub fn set_password(&mut self, name: &str, password: &str) -> Result<(), UsersFault> {
        let user = self.users.get_mut(name).ok_or_else(|| UsersFault::Unknown(name.to_owned()))?;
        user.password = password::hash(password).map_err(UsersFault::Password)?;
        user.since = Moment::now().rfc3339();
        Ok(())
    }

    /// Adds a program; its token, which is kept nowhere.
    ///
    /// # Errors
    /// The name is none or taken, or the system gives no random bits.
    pub fn add_token(&mut self, name: &str, role: Role) -> Result<String, UsersFault> {
        named(name)?;
        if self.tokens.contains_key(name) {
            return Err(UsersFault::Known(name.to_owned()));
        }
        let token = format!("{TOKEN_PREFIX}{}", secret::draw()?);
        let digest = secret::digest(&token);
        self.tokens.insert(name.to_owned(), Token { role, digest, since: Moment::now().rfc3339() });
        Ok(token)
    }

    /// Takes out a person or a program.
    ///
    /// # Errors
    /// Nobody is called so.
    pub fn remove(&mut self, kind: Kind, name: &str) -> Result<(), UsersFault> {
        let known = match kind {
            Kind::User => self.users.remove(name).is_some(),
            Kind::Token => self.tokens.remove(name).is_some(),
        };
        if known { Ok(()) } else { Err(UsersFault::Unknown(name.to_owned())) }
    }

    /// The program that bears a token, with what it may do.
    pub(super) fn bearer(&self, token: &str) -> Option<(&str, Role)> {
        let digest = secret::digest(token);
        let known = self.tokens.iter().find(|(_, known)| secret::same(&known.digest, &digest))?;
        Some((known.0, known.1.role))
    }
}

/// The two kinds of whom is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person, by password.
    User,
    /// A program, by token.
    Token,
}

fn named(name: &str) -> Result<(), UsersFault> {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "._@-".contains(c);
    if (1..=NAME_BYTES_MAX).contains(&name.len()) && name.chars().all(harmless) {
        return Ok(());
    }
    Err(UsersFault::Name(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "correct horse battery";

    #[test]
    fn nobody_is_known_at_first_and_no_password_is_kept() {
        let state = tempfile::tempdir().expect("a directory");
        assert_eq!(Users::load(state.path()).expect("none"), Users::default());
        Users::change(state.path(), |users| users.add_user("ann", Role::Operator, PASSWORD)).expect("added");
        let token = Users::change(state.path(), |users| users.add_token("probe", Role::Viewer)).expect("added");
        let text = fs::read_to_string(state.path().join(FILE)).expect("written");
        assert!(text.contains("$argon2id$") && !text.contains(PASSWORD) && !text.contains(&token), "{text}");
        let mode = fs::metadata(state.path().join(FILE)).expect("there").mode() & 0o777;
        assert_eq!(mode, 0o600);
        let users = Users::load(state.path()).expect("read");
        assert_eq!(users.bearer(&token), Some(("probe", Role::Viewer)));
        assert_eq!(users.bearer(&token[..token.len() - 1]), None);
        assert_eq!(users.users["ann"].role, Role::Operator);
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let state = tempfile::tempdir().expect("a directory");
        fs::write(state.path().join(FILE), "{}").expect("written");
        for (mode, sound) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            let set = fs::set_permissions(state.path().join(FILE), fs::Permissions::from_mode(mode));
            set.expect("the file is ours");
            assert_eq!(Users::load(state.path()).is_ok(), sound, "{mode:o}");
        }
    }

    #[test]
    fn names_are_plain_and_belong_to_one() {
        let mut users = Users::default();
        let longest = "x".repeat(NAME_BYTES_MAX);
        for (name, sound) in [("ann.o-k_1@x", true), (&longest, true), ("", false), ("a b", false), ("<i>", false)] {
            assert_eq!(users.add_token(name, Role::Viewer).is_ok(), sound, "{name}");
        }
        assert!(matches!(users.add_token(&format!("{longest}x"), Role::Viewer), Err(UsersFault::Name(_))));
        assert!(matches!(users.add_token(&longest, Role::Viewer), Err(UsersFault::Known(_))));
        assert!(matches!(users.remove(Kind::User, &longest), Err(UsersFault::Unknown(_))));
        assert!(users.remove(Kind::Token, &longest).is_ok());
        assert!(users.set_password("nobody", PASSWORD).is_err());
    }

    #[test]
    fn roles_rise() {
        assert!(Role::Viewer < Role::Operator && Role::Operator < Role::Administrator);
        assert!(Role::ALL.iter().all(|role| Role::parse(role.name()) == Some(*role)));
        assert_eq!(Role::parse("root"), None);
    }
}
