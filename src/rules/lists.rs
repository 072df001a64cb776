//! Lists that rules name: sets of texts, and the people whose names are to be protected.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use super::evaluate::{Lack, Value, folded, object};
use super::schema::{Object, Type};
use crate::mail::{Address, Organisation, Phrases};

/// The list of people whose names are to be protected: objects, not texts.
const VIPS: &str = "org_vips";
/// Entries of one list. The largest rankings of domains have a million.
const ENTRIES_MAX: usize = 2_000_000;
/// Bytes of one file of entries.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Lists that rules of the public feed name, beside those in files, with where they come from.
const KNOWN: [(&str, Source); 32] = [
    ("abuse_ch_malwarebazaar_sha256_trusted_reporters", Source::File),
    ("abuse_ch_urlhaus_domains_trusted_reporters", Source::File),
    ("alexa_1m", Source::File),
    ("bulk_mailer_url_root_domains", Source::File),
    ("disposable_email_providers", Source::File),
    ("file_extensions_common_archives", Source::File),
    ("file_extensions_executables", Source::File),
    ("file_extensions_macros", Source::File),
    ("file_types_images", Source::File),
    ("free_email_providers", Source::File),
    ("free_file_hosts", Source::File),
    ("free_subdomain_hosts", Source::File),
    ("high_trust_sender_root_domains", Source::File),
    ("org_display_names", Source::Organisation),
    ("org_domains", Source::Organisation),
    ("org_slds", Source::Organisation),
    (VIPS, Source::Organisation),
    ("recipient_domains", Source::History),
    ("recipient_emails", Source::History),
    ("replyto_service_domains", Source::File),
    ("self_service_creation_platform_domains", Source::File),
    ("sender_domains", Source::History),
    ("sender_emails", Source::History),
    ("social_landing_hosts", Source::File),
    ("suspicious_subjects", Source::File),
    ("suspicious_tlds", Source::File),
    ("tenant_domains", Source::File),
    ("tranco_10k", Source::File),
    ("tranco_1m", Source::File),
    ("tranco_50k", Source::File),
    ("umbrella_1m", Source::File),
    ("url_shorteners", Source::File),
];

/// Where a known list comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file of entries.
    File,
    /// The settings of the organisation.
    Organisation,
    /// What the baselines saw.
    History,
}

/// Where the list of a name comes from; `None` for one that only a file can bring.
pub fn source(name: &str) -> Option<Source> {
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, source)| *source)
}

/// What the entries of a list are.
pub fn type_of(name: &str) -> Type {
    if name == VIPS { Object::Vip.many() } else { Type::TEXT.list() }
}

/// One list, as written and in lower case.
#[derive(Clone, Debug, Default)]
struct Entries {
    exact: HashSet<Arc<str>>,
    folded: HashSet<Arc<str>>,
    /// All of them in order, where a rule goes through them.
    sorted: OnceLock<Box<[Arc<str>]>>,
    /// All of them as phrases, as written and in lower case, where a rule seeks them in a text.
    phrases: [OnceLock<Option<Phrases>>; 2],
}

impl Entries {
    fn sorted(&self) -> &[Arc<str>] {
        self.sorted.get_or_init(|| {
            let mut entries: Box<[Arc<str>]> = self.exact.iter().cloned().collect();
            entries.sort_unstable();
            entries
        })
    }

    /// Whether one stands in a text, which is in lower case where case is ignored.
    fn stand(&self, text: &str, fold: bool) -> bool {
        let entries = if fold { &self.folded } else { &self.exact };
        let phrases =
            self.phrases[usize::from(fold)].get_or_init(|| Phrases::new(entries.iter().map(|entry| entry.as_bytes())));
        match phrases {
            Some(phrases) => phrases.find(text).next().is_some(),
            None => entries.iter().any(|entry| text.contains(entry.as_ref())),
        }
    }
}

/// The lists that are configured.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    named: BTreeMap<Arc<str>, Entries>,
    vips: Option<Vec<String>>,
}

impl Lists {
    /// The lists that follow from the organisation's settings; those of which they say nothing are not configured.
    pub fn of(organisation: &Organisation) -> Self {
        let mut lists = Self::default();
        let domains = &organisation.domains;
        if !domains.is_empty() {
            lists.insert("org_domains", domains.iter().map(|domain| domain.as_str().to_owned()));
            let labels =
                domains.iter().filter_map(|domain| domain.registrable().as_str().split('.').next().map(str::to_owned));
            lists.insert("org_slds", labels);
        }
        if !organisation.vips.is_empty() {
            lists.vips = Some(organisation.vips.clone());
        }
        lists
    }

    /// Sets a list.
    pub fn insert(&mut self, name: &str, entries: impl IntoIterator<Item = String>) {
        let mut list = Entries::default();
        for entry in entries.into_iter().take(ENTRIES_MAX) {
            let lower = folded(&entry);
            let entry: Arc<str> = Arc::from(entry);
            let lower = if *lower == *entry { entry.clone() } else { Arc::from(lower) };
            list.folded.insert(lower);
            list.exact.insert(entry);
        }
        self.named.insert(Arc::from(name), list);
    }

    /// Reads each `NAME.txt` (an entry a line) and `NAME.csv` (the last field of each line) of a folder.
    ///
    /// # Errors
    /// The folder or a file of it cannot be read.
    pub fn read_folder(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let (Some(name), Some(kind)) = (path.file_stem(), path.extension()) else { continue };
            let rows = kind == "csv";
            if !(rows || kind == "txt") || fs::metadata(&path)?.len() > FILE_BYTES_MAX {
                continue;
            }
            let text = fs::read_to_string(&path)?;
            let entries = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            let last =
                |line: &str| if rows { line.rsplit(',').next().unwrap_or(line).to_owned() } else { line.to_owned() };
            // A ranking is named by its size: `tranco_top_10k` is `tranco_10k`.
            self.insert(&name.to_string_lossy().replace("_top_", "_"), entries.map(last));
        }
        Ok(())
    }

    /// Whether there is such a list.
    pub fn has(&self, name: &str) -> bool {
        self.named.contains_key(name) || (name == VIPS && self.vips.is_some())
    }

    /// The names of the lists.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.keys().map(AsRef::as_ref)
    }

    /// Whether a list holds a text; null where there is no such list.
    pub fn holds<'m>(&self, name: &str, text: &str, fold: bool) -> Value<'m> {
        match self.named.get(name) {
            Some(list) if fold => Value::Boolean(list.folded.contains(folded(text).as_str())),
            Some(list) => Value::Boolean(list.exact.contains(text)),
            None => Value::Null(Some(Lack::List(Arc::from(name)))),
        }
    }

    /// Whether an entry of a list stands in a text, which is in lower case where case is ignored; null where there is no
    /// such list.
    pub fn stands<'m>(&self, name: &str, text: &str, fold: bool) -> Value<'m> {
        match self.named.get(name) {
            Some(list) => Value::Boolean(list.stand(text, fold)),
            None => Value::Null(Some(Lack::List(Arc::from(name)))),
        }
    }

    /// Whether a list has no entries; `None` where there is no such list.
    pub fn is_empty(&self, name: &str) -> Option<bool> {
        self.named.get(name).map(|list| list.exact.is_empty())
    }

    /// The entries of a list as values.
    pub fn value<'m>(&self, name: &str) -> Value<'m> {
        if let Some(vips) = self.vips.as_ref().filter(|_| name == VIPS) {
            return Value::list(vips.iter().map(|vip| person(vip)));
        }
        match self.named.get(name) {
            Some(list) => {
                Value::List(list.sorted().iter().map(|entry| Value::Text(entry.clone())).collect::<Rc<[_]>>())
            }
            None => Value::Null(Some(Lack::List(Arc::from(name)))),
        }
    }
}

/// Someone whose name is to be protected, by display name or address.
fn person<'m>(vip: &str) -> Value<'m> {
    let vip = vip.to_owned();
    object(Object::Vip, move |name| {
        let address = Address::parse(&vip);
        let (first, last) = vip.rsplit_once(' ').unwrap_or((&vip, ""));
        match (name, address) {
            ("email", Some(address)) => Value::text(address.key()),
            (_, Some(_)) | ("email", None) => Value::ABSENT,
            ("first_name", None) => Value::text_or_absent(first),
            ("last_name", None) => Value::text_or_absent(last),
            _ => Value::text(&vip),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Domain;

    fn lists() -> Lists {
        let domains = vec![Domain::parse("mail.harbour.example").expect("valid")];
        Lists::of(&Organisation { domains, vips: vec!["Carla Harbour".to_owned()], ..Organisation::default() })
    }

    #[test]
    fn membership_is_exact_unless_case_is_ignored() {
        let mut lists = lists();
        lists.insert("kinds", ["Pdf".to_owned()]);
        assert_eq!(lists.holds("kinds", "Pdf", false).truth(), Some(true));
        assert_eq!(lists.holds("kinds", "pdf", false).truth(), Some(false));
        assert_eq!(lists.holds("kinds", "PDF", true).truth(), Some(true));
    }

    #[test]
    fn a_list_that_is_not_configured_is_null_and_says_so() {
        let Value::Null(Some(lack)) = lists().holds("tranco_1m", "a.example", false) else {
            panic!("null with a reason")
        };
        assert_eq!(lack.words(), "the list $tranco_1m is not configured");
        assert!(!Lists::default().has("org_domains") && lists().has("org_vips"));
    }

    #[test]
    fn the_organisation_brings_its_own_lists() {
        assert_eq!(lists().value("org_slds").json(), serde_json::json!(["harbour"]));
        let Value::List(vips) = lists().value("org_vips") else { panic!("a list") };
        let Value::Object(vip) = &vips[0] else { panic!("an object") };
        assert_eq!(vip.field("last_name").as_text(), Some("Harbour"));
        assert_eq!(vip.field("display_name").as_text(), Some("Carla Harbour"));
    }

    #[test]
    fn files_of_a_folder_are_lists() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("words.txt"), "# head\none\n\n two \n").expect("written");
        fs::write(folder.path().join("rank_top_10k.csv"), "1,a.example\n2,b.example\n").expect("written");
        fs::write(folder.path().join("other.json"), "{}").expect("written");
        let mut lists = Lists::default();
        lists.read_folder(folder.path()).expect("readable");
        assert_eq!(lists.names().collect::<Vec<_>>(), ["rank_10k", "words"]);
        assert_eq!(lists.holds("words", "two", false).truth(), Some(true));
        assert_eq!(lists.holds("rank_10k", "b.example", false).truth(), Some(true));
    }

    #[test]
    fn known_lists_are_in_order() {
        assert!(KNOWN.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(source("org_domains"), Some(Source::Organisation));
        assert_eq!(source("own"), None);
    }
}
