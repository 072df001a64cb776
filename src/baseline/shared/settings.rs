//! What an administrator may set about a store that several hosts share.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::link;

/// Settings of the store by which several hosts share one baseline. Each host keeps its own baseline on its own disk, and
/// tells the others of it there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Shared {
    /// Where the store answers, which speaks the Redis protocol (Redis, Valkey, Kvrocks): `redis://host:port`, with TLS
    /// `rediss://host:port`, or `unix:///path`. Of several, the first that answers is used; of a cluster, any of its
    /// nodes. Empty shares nothing.
    pub addresses: Vec<String>,
    /// Whether it is a cluster, whose nodes hold a part of the keys each.
    pub cluster: bool,
    /// Name of this host among those that share; empty for the host's name. No two may have the same.
    pub host: String,
    /// Who logs in at the store; empty for its default user.
    pub user: String,
    /// File with the password; empty for none.
    pub password_file: String,
    /// File with the secret that all hosts have in common. Where it is missing, it is written with the secret of this
    /// host's baseline: copy it to the others before they begin theirs.
    pub secret_file: String,
    /// What every key begins with.
    pub prefix: String,
    /// Milliseconds that a message waits for what the other hosts know. What is not there by then is taken from the
    /// cache, and the message has a gap.
    pub recall_milliseconds_max: u64,
    /// Milliseconds for one answer of the store to what is told it.
    pub tell_milliseconds_max: u64,
    /// Milliseconds for which what the other hosts know of a profile is not asked again.
    pub fresh_milliseconds: u64,
    /// Hours for which it is used while the store does not answer.
    pub stale_hours: u32,
    /// Bytes of memory for what the other hosts know.
    pub cache_bytes_max: usize,
    /// Changed profiles that wait to be told; where there are more, they are found again by the facts of the messages.
    pub untold_max: usize,
    /// Days after its last change for which a profile is kept in the store.
    pub expire_days: u32,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            addresses: Vec::new(),
            cluster: false,
            host: String::new(),
            user: String::new(),
            password_file: String::new(),
            secret_file: String::new(),
            // The store may serve others, too.
            prefix: "kith:".to_owned(),
            // Forty times a round trip in one data centre, a hundredth of what DNS may take.
            recall_milliseconds_max: 20,
            // Nobody waits for it; a store that writes its snapshot pauses for some hundred milliseconds.
            tell_milliseconds_max: 2_000,
            // Two messages of one burst need not ask twice; a host's own changes are told after a quarter of a second.
            fresh_milliseconds: 1_000,
            // A night without the store: ties of yesterday are still ties.
            stale_hours: 24,
            // About 100,000 profiles.
            cache_bytes_max: 33_554_432,
            // Some thousand messages, in about 4 MB.
            untold_max: 65_536,
            // As long as facts are kept: by then a message weighs 1 %.
            expire_days: 400,
        }
    }
}

impl Shared {
    /// Whether anything is shared.
    pub fn is_on(&self) -> bool {
        !self.addresses.is_empty()
    }

    /// Values that cannot work, each with the mend.
    pub(in crate::baseline) fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self.addresses.iter().filter_map(|address| link::fault(address)).collect();
        if self.is_on() {
            if self.secret_file.is_empty() {
                faults.push(
                    "baseline.shared.secret_file is empty; name a file on this host, such as \
                     \"/var/lib/kith/baseline.secret\": it is written where it is missing, for you to copy to the others"
                        .to_owned(),
                );
            }
            if self.host_name().is_none() {
                faults.push("baseline.shared.host is empty, and this host has no name; give it one".to_owned());
            }
        }
        if self.cluster && self.addresses.iter().any(|address| address.starts_with("unix:")) {
            faults.push("baseline.shared.addresses: a cluster has no unix sockets; write redis://host:port".to_owned());
        }
        for (key, file) in [("password_file", &self.password_file), ("secret_file", &self.secret_file)] {
            if !file.is_empty() && !Path::new(file).is_absolute() {
                faults.push(format!("baseline.shared.{key} = {file:?} is no full path; begin it with /"));
            }
        }
        for (key, value) in [
            ("recall_milliseconds_max", self.recall_milliseconds_max),
            ("tell_milliseconds_max", self.tell_milliseconds_max),
            ("expire_days", u64::from(self.expire_days)),
        ] {
            if value == 0 {
                faults.push(format!("baseline.shared.{key} is 0; set it to at least 1"));
            }
        }
        faults
    }

    /// The name of this host; `None` where it has none.
    pub(in crate::baseline) fn host_name(&self) -> Option<String> {
        let named = if self.host.is_empty() { system_name() } else { Some(self.host.clone()) };
        named.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
    }
}

/// The system's name, where a service manager that hides the kernel's settings leaves it too.
fn system_name() -> Option<String> {
    let read = |file: &str| std::fs::read_to_string(file).ok();
    read("/proc/sys/kernel/hostname").or_else(|| read("/etc/hostname"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let settings: Shared = toml::from_str(text).expect("sound TOML");
        let faults = settings.faults();
        assert_eq!(faults.len(), expected.len(), "{faults:?}");
        for (fault, words) in faults.iter().zip(expected) {
            assert!(fault.contains(words), "{fault} lacks {words}");
        }
    }

    #[test]
    fn what_cannot_work_is_named() {
        check("", &[]);
        check("addresses = ['redis://a:1', 'rediss://b', 'unix:///c']\nsecret_file = '/d'", &[]);
        check("addresses = ['a:6379']\nsecret_file = '/d'", &["write it like redis://"]);
        check("addresses = ['redis://:word@a']\nsecret_file = '/d'", &["password_file"]);
        check("addresses = ['redis://a']", &["secret_file is empty"]);
        check("addresses = ['unix:///a']\nsecret_file = '/d'\ncluster = true", &["no unix sockets"]);
        check("secret_file = 'd'\npassword_file = 'e'", &["password_file = \"e\"", "secret_file = \"d\""]);
        check("recall_milliseconds_max = 0\nexpire_days = 0", &["recall_milliseconds_max is 0", "expire_days is 0"]);
    }

    #[test]
    fn a_host_has_a_name() {
        let named = |host: &str| Shared { host: host.to_owned(), ..Shared::default() }.host_name();
        assert_eq!(named("mx1.example").as_deref(), Some("mx1.example"));
        assert_eq!(named(" "), None);
        assert!(named("").is_some_and(|name| !name.is_empty()));
    }
}
