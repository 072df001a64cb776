//! One baseline for several mail hosts: what each knows lies in a store that all of them read.
//!
//! A profile is a sum of what its messages add, and sums have no order. So each host keeps its own share of a profile, on
//! its own disk and in a field of its own in the store, and adds to it the shares of the others when it recalls: no two
//! ever write the same field, and nothing that one host counts is lost by what another does.

mod asker;
mod cache;
mod claims;
mod erase;
mod hosts;
mod join;
mod label;
mod link;
mod settings;
mod tell;
mod untold;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::baselines::Baselines;
use super::key::{Key, Keyring, Kind};
use super::learner::{Learner, lock};
use super::overlay::Bytes;
use asker::Asker;
use cache::Cache;
use hosts::Hosts;
use link::{Command, Link};
use untold::Untold;

pub(super) use claims::Elsewhere;
pub(super) use erase::Erasure;
pub(super) use label::Label;
pub use settings::Shared as SharedSettings;

/// The record of which generation of a host's store this is.
const GENERATION_KEY: Key = {
    let mut key = [0; super::key::KEY_BYTES];
    key[0] = Kind::Generation as u8;
    key
};

/// What the other hosts know of the keys asked for.
pub(super) struct Others {
    /// One for each key.
    pub rows: Vec<Option<Bytes>>,
    /// Why not all of it could be had.
    pub trouble: Option<String>,
}

/// The shared store as one host sees it.
pub(super) struct Shared {
    settings: SharedSettings,
    /// Under which this host keeps its records.
    field: Vec<u8>,
    host: String,
    secret: u64,
    generation: u32,
    asker: Asker,
    cache: Mutex<Cache>,
    hosts: RwLock<Arc<Hosts>>,
    /// When it was last asked which hosts there are, and answered.
    heard: Mutex<Option<Instant>>,
    pub untold: Untold,
    teller: Mutex<Option<JoinHandle<()>>>,
}

impl Baselines {
    /// Shares these baselines with other hosts by the store that the settings name, from now on; does nothing where they
    /// name none. A store that is away keeps nobody from beginning.
    ///
    /// # Errors
    /// The secret is another than that of the other hosts, or a file of the settings cannot be used.
    pub fn share(&self) -> Result<(), String> {
        let learner = &self.learner;
        let settings = &learner.settings.shared;
        if !settings.is_on() || learner.shared.get().is_some() {
            return Ok(());
        }
        let host = settings.host_name().ok_or("this host has no name; set baseline.shared.host")?;
        agree_on_secret(&settings.secret_file, learner.secret())?;
        let patience = Duration::from_millis(settings.recall_milliseconds_max);
        let probe = Command::Read(Shared::list_name_of(settings, "hosts"));
        let shared = Arc::new(Shared {
            field: field(&learner.keyring, &host),
            host,
            secret: learner.keyring.mark("baseline.shared"),
            generation: learner.generation()?,
            asker: Asker::start(Link::new(settings, patience)?, patience, probe)?,
            cache: Mutex::new(Cache::new(settings.cache_bytes_max)),
            hosts: RwLock::default(),
            heard: Mutex::default(),
            untold: Untold::new(settings.untold_max),
            teller: Mutex::default(),
            settings: settings.clone(),
        });
        let waiting = learner.waiting_labels();
        waiting.iter().filter_map(|label| label.encode(learner)).for_each(|(id, label)| {
            learner.set_heeded(&id);
            shared.untold.labelled(std::iter::empty(), Some((id, label)));
        });
        shared.untold.committed(0);
        let link = Link::new(settings, Duration::from_millis(settings.tell_milliseconds_max))?;
        let (its_learner, its_shared) = (Arc::clone(learner), Arc::clone(&shared));
        let thread = std::thread::Builder::new().name("baseline-tell".to_owned());
        let teller = thread.spawn(move || tell::Teller::new(its_learner, its_shared, link).run());
        *lock(&shared.teller) = Some(teller.map_err(|error| error.to_string())?);
        // Nobody else set it: this is called once, when the baselines were opened.
        let _is_new = learner.shared.set(shared);
        Ok(())
    }
}

impl Learner {
    /// The number of this store among those that the host ever had; on disk before anybody hears of it.
    fn generation(&self) -> Result<u32, String> {
        if let Some(known) = self.read_one(&GENERATION_KEY)?.and_then(|bytes| (*bytes).try_into().ok()) {
            return Ok(u32::from_le_bytes(known));
        }
        let [a, b, c, d, ..] = Keyring::random_secret();
        self.memory.put([(GENERATION_KEY, Bytes::from([a, b, c, d].as_slice()))]);
        self.commit()?;
        Ok(u32::from_le_bytes([a, b, c, d]))
    }

    /// Has the host begin anew in the shared store when it shares next, unless it tells all before: what it told until
    /// now is not true any more.
    pub(super) fn doubt_generation(&self) {
        self.memory.put([(GENERATION_KEY, Bytes::from([].as_slice()))]);
    }

    /// All is told: the generation stays.
    fn keep_generation(&self, generation: u32) {
        self.memory.put([(GENERATION_KEY, Bytes::from(generation.to_le_bytes().as_slice()))]);
    }
}

impl Shared {
    /// What the other hosts know of these keys.
    pub async fn others(&self, keys: &[Key]) -> Others {
        let (mut rows, asked) = self.cached(keys);
        if asked.is_empty() {
            return Others { rows, trouble: None };
        }
        let commands = asked.iter().map(|at| Command::Read(self.name(&keys[*at]))).collect();
        let trouble = match self.asker.ask(commands).await {
            Ok(answered) => {
                let hosts = self.hosts();
                let (now, mut cache) = (Instant::now(), lock(&self.cache));
                for (at, fields) in asked.into_iter().zip(answered) {
                    let known = fields.iter().filter(|(field, _)| *field != self.field);
                    let records = known.filter_map(|(field, value)| hosts.record(field, value));
                    rows[at] = join::packed(records);
                    cache.put(keys[at], rows[at].clone(), now);
                }
                self.doubt(&hosts)
            }
            Err(why) => {
                let (now, mut cache) = (Instant::now(), lock(&self.cache));
                let age = Duration::from_secs(u64::from(self.settings.stale_hours) * 3_600);
                asked.into_iter().for_each(|at| rows[at] = cache.get(&keys[at], now, age).flatten());
                Some(why)
            }
        };
        Others { rows, trouble }
    }

    /// Why what the store says may be less than the hosts know.
    fn doubt(&self, hosts: &Hosts) -> Option<String> {
        // It may have died and come back empty since.
        if lock(&self.heard).is_none_or(|heard| self.asker.opened().is_some_and(|opened| heard < opened)) {
            return Some("it was not heard yet which hosts there are".to_owned());
        }
        hosts.retelling.first().map(|host| format!("it lost its data, and {host} has not told all of its own yet"))
    }

    /// What is cached and fresh, and the places of those keys that are to be asked for.
    fn cached(&self, keys: &[Key]) -> (Vec<Option<Bytes>>, Vec<usize>) {
        let (now, mut cache) = (Instant::now(), lock(&self.cache));
        let fresh = Duration::from_millis(self.settings.fresh_milliseconds);
        let mut asked = Vec::new();
        let rows = keys.iter().enumerate().map(|(at, key)| {
            cache.get(key, now, fresh).unwrap_or_else(|| {
                asked.push(at);
                None
            })
        });
        (rows.collect(), asked)
    }

    /// What the other hosts know of a key, as far as it was read for a message of the last hours.
    pub fn known(&self, key: &Key) -> Option<Bytes> {
        let age = Duration::from_secs(u64::from(self.settings.stale_hours) * 3_600);
        lock(&self.cache).get(key, Instant::now(), age).flatten()
    }

    /// The other hosts.
    pub fn hosts(&self) -> Arc<Hosts> {
        Arc::clone(&self.hosts.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn set_hosts(&self, hosts: Hosts) {
        let mut known = self.hosts.write().unwrap_or_else(PoisonError::into_inner);
        if !known.count_alike(&hosts) {
            lock(&self.cache).clear();
        }
        *known = Arc::new(hosts);
    }

    /// Whether the store answered last.
    pub fn is_answered(&self) -> bool {
        self.asker.is_answered()
    }

    /// The name of a record in the store.
    fn name(&self, key: &Key) -> Vec<u8> {
        [self.settings.prefix.as_bytes(), key].concat()
    }

    /// The name of what belongs to all hosts.
    fn list_name(&self, list: &str) -> Vec<u8> {
        Self::list_name_of(&self.settings, list)
    }

    fn list_name_of(settings: &SharedSettings, list: &str) -> Vec<u8> {
        format!("{}{list}", settings.prefix).into_bytes()
    }

    /// Tells what can be told soon, and ends both threads.
    pub fn stop(&self) {
        self.untold.stop();
        let teller = lock(&self.teller).take();
        if teller.is_some_and(|thread| thread.join().is_err()) {
            log::error!("baseline: the thread that tells the shared store broke off");
        }
        self.asker.stop();
    }
}

/// The field under which a host keeps its records: four bytes, since it stands in each of them.
fn field(keyring: &Keyring, host: &str) -> Vec<u8> {
    keyring.correspondent(&format!("baseline.shared host {host}")).to_be_bytes().to_vec()
}

/// The secret that a new store is to have: that of the other hosts, where this one has it.
pub(super) fn secret_of(settings: &SharedSettings) -> Option<[u8; 16]> {
    if !settings.is_on() {
        return None;
    }
    read_secret(&settings.secret_file).ok().flatten()
}

/// Compares the secret of the store with the common one, or writes it down as that.
fn agree_on_secret(file: &str, own: [u8; 16]) -> Result<(), String> {
    match read_secret(file)? {
        Some(common) if common == own => Ok(()),
        Some(_) => Err(format!(
            "this host's baseline was begun with another secret than {file} has; move the baseline away and import the \
             mail again, or share the store of another prefix"
        )),
        None => {
            let text: String = own.iter().map(|byte| format!("{byte:02x}")).collect();
            let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
            let written = written.and_then(|mut file| writeln!(file, "{text}").and_then(|()| file.sync_all()));
            written.map_err(|error| format!("cannot write {file} (baseline.shared.secret_file): {error}"))?;
            log::info!("baseline: wrote {file}; copy it to the other hosts before they begin their baselines");
            Ok(())
        }
    }
}

/// The secret in a file; `None` where there is no file.
fn read_secret(file: &str) -> Result<Option<[u8; 16]>, String> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("cannot read {file} (baseline.shared.secret_file): {error}")),
    };
    let digits: Option<Vec<u8>> = text.trim().chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() == 32).ok_or_else(|| {
        format!("{file} (baseline.shared.secret_file) is no secret of 32 hexadecimal digits; copy it from another host")
    })?;
    let mut secret = [0; 16];
    secret.iter_mut().zip(digits.chunks(2)).for_each(|(byte, pair)| *byte = pair[0] << 4 | pair[1]);
    Ok(Some(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_host_writes_the_secret_and_others_agree() {
        let folder = tempfile::tempdir().expect("writable");
        let file = folder.path().join("secret").display().to_string();
        assert_eq!(read_secret(&file), Ok(None));
        assert_eq!(agree_on_secret(&file, [0xa5; 16]), Ok(()));
        assert_eq!(read_secret(&file), Ok(Some([0xa5; 16])));
        assert_eq!(agree_on_secret(&file, [0xa5; 16]), Ok(()));
        assert!(agree_on_secret(&file, [1; 16]).is_err_and(|why| why.contains("another secret")));
        let settings = SharedSettings { secret_file: file.clone(), ..SharedSettings::default() };
        assert_eq!(secret_of(&settings), None, "nothing is shared");
        let settings = SharedSettings { addresses: vec!["redis://a".to_owned()], ..settings };
        assert_eq!(secret_of(&settings), Some([0xa5; 16]));
        fs::write(&file, "0123").expect("writable");
        assert!(agree_on_secret(&file, [1; 16]).is_err_and(|why| why.contains("32 hexadecimal digits")));
    }
}
