//! All profiles, one after another, with the words behind their keys as far as facts name them.

use std::collections::HashMap;
use std::path::Path;

use super::baselines::Baselines;
use super::key::{Key, Kind};
use super::overlay::Bytes;
use super::portrait::{Portrait, Words};
use super::store::Store;
use crate::mail::Moment;

/// Words that are written in one group to the scratch folder: a few megabytes of memory.
const GROUP_ENTRIES_MAX: usize = 20_000;
/// Between the parts of a subject in the scratch folder; occurs in no address.
const SEPARATOR: char = '\u{1f}';

/// The kinds of profiles, in the order of their keys.
const KINDS: [Kind; 14] = [
    Kind::Sender,
    Kind::Domain,
    Kind::Recipient,
    Kind::Pair,
    Kind::DomainPair,
    Kind::Name,
    Kind::Network,
    Kind::Thread,
    Kind::List,
    Kind::LinkDomain,
    Kind::Attachment,
    Kind::Campaign,
    Kind::DomainGroup,
    Kind::Organisation,
];

impl Baselines {
    /// Gives all profiles as of a moment to `each`, by kind and key. The words behind the keys are sorted in a scratch
    /// folder, which must be empty, so that memory stays bounded however large the store is. Says how many there were.
    ///
    /// # Errors
    /// Why the store could not be read, the scratch folder not be written, or what `each` said.
    pub fn export<E: From<String>>(
        &self,
        at: Moment,
        scratch: &Path,
        mut each: impl FnMut(Portrait) -> Result<(), E>,
    ) -> Result<u64, E> {
        let learner = &self.learner;
        self.sync()?;
        let about = self.words_by_key(scratch)?;
        let words = Words::common(&learner.keyring);
        let (mut count, mut failure) = (0, None);
        for kind in KINDS {
            let given = learner.memory.each_record(kind, &mut |key, bytes| {
                let text = about.get(key)?.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
                let parts = text.map(|text| text.split(SEPARATOR).map(str::to_owned).collect()).unwrap_or_default();
                let Some(portrait) = learner.portrait(kind, key, bytes, parts, at, &words) else {
                    return Err("a record is damaged; `kith baseline rebuild` makes it anew".to_owned());
                };
                count += 1;
                each(portrait).map_err(|error| {
                    failure = Some(error);
                    String::new()
                })
            });
            match (given, failure.take()) {
                (_, Some(error)) => return Err(error),
                (given, None) => given?,
            }
        }
        Ok(count)
    }

    fn words_by_key(&self, scratch: &Path) -> Result<Store, String> {
        let learner = &self.learner;
        let store = Store::open(scratch, &learner.settings).map_err(|trouble| format!("{trouble:?}"))?;
        let mut group: HashMap<Key, Bytes> = HashMap::new();
        learner.each_fact(&mut |_, fact| {
            for (key, parts) in fact.subjects(&learner.keyring, learner.bounds) {
                let text = parts.join(&SEPARATOR.to_string());
                group.entry(key).or_insert_with(|| Bytes::from(text.into_bytes()));
            }
            if group.len() >= GROUP_ENTRIES_MAX {
                store.write(group.iter())?;
                group.clear();
            }
            Ok(())
        })?;
        store.write(group.iter())?;
        Ok(store)
    }
}
