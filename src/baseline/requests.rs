//! What a command asks of the program that has the store open: files in a folder beside it, each with its answer.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::anew::{Attack, TakenBack};
use super::baselines::Baselines;
use super::given_back::GivenBack;
use crate::mail::Moment;

/// Longest request that is read, in bytes: an address and a Message-ID.
const REQUEST_BYTES_MAX: u64 = 16_384;
/// Requests answered before mail's observations have their turn again.
const REQUESTS_MAX: usize = 100;
/// How often an answer is looked for.
const LOOK: Duration = Duration::from_millis(50);

const ASKED: &str = "asked";
const TAKEN: &str = "taken";
const ANSWERED: &str = "answered";

/// A request to take back what an attack gained, or to give back what was no attack.
#[derive(Debug, Serialize, Deserialize)]
struct Request {
    attack: Attack,
    at: Moment,
    #[serde(default)]
    gives_back: bool,
}

impl Baselines {
    /// Asks the program that has the store in a folder open to take back what an attack gained, and waits. `None` where
    /// nobody took the request up within `patience`; then it is withdrawn.
    ///
    /// # Errors
    /// Why the request could not be written or its answer not be read, or why it could not be fulfilled.
    pub fn ask_to_take_back(
        dir: &Path,
        attack: &Attack,
        at: Moment,
        patience: Duration,
    ) -> Result<Option<TakenBack>, String> {
        ask(dir, &Request { attack: attack.clone(), at, gives_back: false }, patience)
    }

    /// As [`Baselines::ask_to_take_back`], to give back what was taken from mail that was no attack.
    ///
    /// # Errors
    /// Likewise.
    pub fn ask_to_give_back(
        dir: &Path,
        attack: &Attack,
        at: Moment,
        patience: Duration,
    ) -> Result<Option<GivenBack>, String> {
        ask(dir, &Request { attack: attack.clone(), at, gives_back: true }, patience)
    }

    /// Fulfils what was asked of this store; says how many requests there were.
    ///
    /// # Errors
    /// Why a request or its answer could not be read or written; the next call goes on with the others.
    pub fn answer_requests(&self) -> Result<usize, String> {
        let folder = folder(self.learner.memory.dir());
        let fail = |error: io::Error| format!("{}: {error}", folder.display());
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(fail(error)),
        };
        // What was taken up before a crash is asked still: to take back twice is to take back once.
        let is_asked = |path: &PathBuf| path.extension().is_some_and(|e| e == ASKED || e == TAKEN);
        let mut asked: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_asked).collect();
        asked.sort();
        asked.truncate(REQUESTS_MAX);
        for path in &asked {
            let taken = path.with_extension(TAKEN);
            match fs::rename(path, &taken) {
                // It was withdrawn.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                renamed => renamed.map_err(fail)?,
            }
            let answer = match read(&taken) {
                Ok(Request { attack, at, gives_back: true }) => serde_json::to_vec(&self.give_back(&attack, at)),
                Ok(Request { attack, at, gives_back: false }) => serde_json::to_vec(&self.take_back(&attack, at)),
                Err(why) => serde_json::to_vec(&Err::<(), _>(why)),
            };
            let answer = answer.map_err(|error| error.to_string())?;
            write_whole(&folder, &path.with_extension(ANSWERED), &answer).map_err(fail)?;
            fs::remove_file(&taken).map_err(fail)?;
        }
        Ok(asked.len())
    }
}

/// Writes a request, and waits for its answer; `None` where nobody took it up within `patience`.
fn ask<T: DeserializeOwned>(dir: &Path, request: &Request, patience: Duration) -> Result<Option<T>, String> {
    let folder = folder(dir);
    let fail = |error: io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(fail)?;
    let name = format!("{:020}-{}", request.at.0, std::process::id());
    let of = |state: &str| folder.join(format!("{name}.{state}"));
    let request = serde_json::to_vec(request).map_err(|error| error.to_string())?;
    write_whole(&folder, &of(ASKED), &request).map_err(fail)?;
    let start = Instant::now();
    loop {
        match fs::read(of(ANSWERED)) {
            Ok(answer) => {
                fs::remove_file(of(ANSWERED)).map_err(fail)?;
                let answer: Result<T, String> = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
                return answer.map(Some);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(fail(error)),
        }
        // Once it was taken up it is being fulfilled, however long that takes.
        if start.elapsed() >= patience && fs::remove_file(of(ASKED)).is_ok() {
            return Ok(None);
        }
        std::thread::park_timeout(LOOK);
    }
}

fn folder(dir: &Path) -> PathBuf {
    let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    dir.with_file_name(format!("{name}.requests"))
}

fn read(path: &Path) -> Result<Request, String> {
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(REQUEST_BYTES_MAX).read_to_end(&mut text));
    read.map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| format!("the request cannot be understood: {error}"))
}

/// Writes a file that is there whole or not at all.
fn write_whole(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::settings::Settings;
    use super::*;
    use crate::mail::Address;

    fn attack() -> Attack {
        Attack::Author { author: Address::parse("eve@evil.example").expect("valid"), since: Moment(5) }
    }

    #[test]
    fn a_request_is_answered_by_who_has_the_store() {
        let folder = tempfile::tempdir().expect("writable");
        let dir = folder.path().join("baseline");
        let baselines = Baselines::open(&dir, &Settings::default()).expect("writable");
        let answered = std::thread::scope(|scope| {
            let asking =
                scope.spawn(|| Baselines::ask_to_take_back(&dir, &attack(), Moment(9), Duration::from_secs(60)));
            while !asking.is_finished() {
                assert!(baselines.answer_requests().is_ok_and(|count| count < 2));
                std::thread::park_timeout(LOOK);
            }
            asking.join().expect("no panic")
        });
        assert_eq!(answered, Ok(Some(TakenBack::default())));
        assert_eq!(fs::read_dir(super::folder(&dir)).expect("there").count(), 0);
    }

    #[test]
    fn a_request_that_nobody_takes_up_is_withdrawn() {
        let folder = tempfile::tempdir().expect("writable");
        let dir = folder.path().join("baseline");
        assert_eq!(Baselines::ask_to_take_back(&dir, &attack(), Moment(9), Duration::ZERO), Ok(None));
        let baselines = Baselines::open(&dir, &Settings::default()).expect("writable");
        assert_eq!(baselines.answer_requests(), Ok(0));
    }

    #[test]
    fn a_request_of_before_a_crash_is_fulfilled_and_nonsense_is_answered() {
        let folder = tempfile::tempdir().expect("writable");
        let dir = folder.path().join("baseline");
        let baselines = Baselines::open(&dir, &Settings::default()).expect("writable");
        assert_eq!(baselines.answer_requests(), Ok(0), "there is no folder");
        let requests = super::folder(&dir);
        fs::create_dir(&requests).expect("writable");
        let request =
            serde_json::to_vec(&Request { attack: attack(), at: Moment(1), gives_back: false }).expect("plain");
        fs::write(requests.join("1.taken"), request).expect("writable");
        fs::write(requests.join("2.asked"), "nonsense").expect("writable");
        assert_eq!(baselines.answer_requests(), Ok(2));
        let answer = |name: &str| fs::read_to_string(requests.join(name)).expect("answered");
        assert!(answer("1.answered").starts_with("{\"Ok\":"), "{}", answer("1.answered"));
        assert!(answer("2.answered").contains("cannot be understood"));
        assert_eq!(fs::read_dir(&requests).expect("there").count(), 2);
    }
}
