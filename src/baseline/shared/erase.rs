//! Forgetting a person in the shared store, too.

use std::collections::HashSet;
use std::time::Duration;

use super::link::{Command, Link};
use super::{Shared, SharedSettings, field};
use crate::baseline::fact::Fact;
use crate::baseline::key::{KEY_BYTES, Key, Keyring, Kind};
use crate::baseline::settings::Bounds;

use super::untold::is_told;

/// Keys that are erased in one round trip.
const TOGETHER_MAX: usize = 512;

/// What is to be erased of a person. What is about the person alone goes for all hosts, of all else the share of this
/// host, which tells it anew without the person.
#[derive(Default)]
pub(in crate::baseline) struct Erasure {
    whole: HashSet<Key>,
    share: HashSet<Key>,
}

impl Erasure {
    /// A fact that names the person, under any of these texts.
    pub fn add(&mut self, fact: &Fact, named: &[String], keyring: &Keyring, bounds: Bounds) {
        let mut message: Key = [Kind::Remembered as u8; KEY_BYTES];
        message[1..].copy_from_slice(&fact.message);
        self.whole.insert(message);
        for (key, parts) in fact.subjects(keyring, bounds).into_iter().filter(|(key, _)| is_told(key)) {
            // Names of the person's mail stand beside the address in the record itself.
            let names = [Kind::Name as u8, Kind::Local as u8].contains(&key[0]);
            let about = names || parts.iter().any(|part| named.contains(part));
            if about {
                self.whole.insert(key)
            } else {
                self.share.insert(key)
            };
        }
    }

    /// Erases it. Where nothing is shared there is nothing to do.
    ///
    /// # Errors
    /// The store cannot be reached; what was erased by then stays erased.
    pub fn carry_out(&self, settings: &SharedSettings, keyring: &Keyring, named: &[String]) -> Result<(), String> {
        if !settings.is_on() {
            return Ok(());
        }
        let host = settings.host_name().ok_or("this host has no name; set baseline.shared.host")?;
        let own = field(keyring, &host);
        let mut link = Link::new(settings, Duration::from_millis(settings.tell_milliseconds_max))?;
        let whole = self.whole.iter().map(|key| Command::Erase(name(settings, key)));
        let share = self.share.difference(&self.whole);
        let share = share.map(|key| Command::Remove(name(settings, key), own.clone()));
        let commands: Vec<Command> = whole.chain(share).collect();
        let away = |why| format!("the shared store cannot be reached ({why}), and nothing was forgotten; try again");
        for some in commands.chunks(TOGETHER_MAX) {
            link.run(some).map_err(away)?;
        }
        let list = Shared::list_name_of(settings, "labels");
        let known = link.run(&[Command::Read(list.clone())]).map_err(away)?;
        let names_person =
            |label: &[u8]| named.iter().any(|text| String::from_utf8_lossy(label).contains(text.as_str()));
        let labels = known.into_iter().flatten().filter(|(_, label)| names_person(label));
        let labels: Vec<Command> = labels.map(|(id, _)| Command::Remove(list.clone(), id)).collect();
        link.run(&labels).map_err(away)?;
        Ok(())
    }
}

fn name(settings: &SharedSettings, key: &Key) -> Vec<u8> {
    [settings.prefix.as_bytes(), key].concat()
}
