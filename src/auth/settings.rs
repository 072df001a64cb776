//! What the administrator chooses about authentication.

use std::fmt;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// Settings of authentication and of its DNS look-ups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Our name in Authentication-Results (RFC 8601 §2.2); "" is the host's name.
    pub authserv_id: String,
    /// Who answers DNS questions: "system" (`/etc/resolv.conf`), "off" (nothing is checked), or a server as ADDR:PORT.
    pub resolver: String,
    /// Milliseconds for all checks of one message; what is not done by then is a temperror.
    pub dns_milliseconds_max: u64,
    /// Milliseconds for one DNS question, one repetition included.
    pub dns_query_milliseconds_max: u64,
    /// DNS questions on their way at once; further ones wait, within the message's time.
    pub dns_in_flight_max: usize,
    /// Answers kept, good and bad ones; an answer longer than 512 bytes counts as several.
    pub cache_entries_max: usize,
    /// DKIM signatures verified per message, the topmost first; further ones are noted as permerror.
    pub signatures_max: usize,
    /// Hosts whose Authentication-Results are believed instead of own checks, by authserv-id; empty for none.
    pub trusted_authserv_ids: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            authserv_id: String::new(),
            resolver: "system".to_owned(),
            // Postfix waits 300 s for the end of the message; a sender's client grows impatient much earlier.
            dns_milliseconds_max: 5_000,
            // A resolver that walks from the root to a distant zone needs up to a second.
            dns_query_milliseconds_max: 2_000,
            // A tenth of what a default unbound takes from one client (num-queries-per-thread 4096, few threads).
            dns_in_flight_max: 256,
            // 512 bytes each at most, so 25 MB when full: a day's senders of a middling organisation.
            cache_entries_max: 50_000,
            // Honest mail carries one to three; lists and relays add a few. RFC 6376 §6.1 lets verifiers limit them.
            signatures_max: 10,
            // Whoever is believed here can vouch for anything, so nobody is by default.
            trusted_authserv_ids: Vec::new(),
        }
    }
}

/// Who answers DNS questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Upstream {
    /// The servers of `/etc/resolv.conf`.
    System,
    /// Nobody.
    Off,
    /// One server.
    Server(SocketAddr),
}

impl Settings {
    /// What is wrong with the settings, in words that begin with the key; empty when they can be used.
    pub fn faults(&self) -> Vec<String> {
        self.upstream().err().into_iter().chain(self.limit_fault()).map(|error| error.to_string()).collect()
    }

    /// The first limit that is 0.
    pub(super) fn limit_fault(&self) -> Option<SetUpError> {
        let limits = [
            ("dns_milliseconds_max", self.dns_milliseconds_max == 0),
            ("dns_query_milliseconds_max", self.dns_query_milliseconds_max == 0),
            ("dns_in_flight_max", self.dns_in_flight_max == 0),
        ];
        limits.iter().find(|(_, is_zero)| *is_zero).map(|(name, _)| SetUpError::Limit(name))
    }

    /// Our name in Authentication-Results: `authserv_id`, or where that is empty the host's name as the kernel knows it
    /// (`localhost` where it knows none).
    pub fn our_authserv_id(&self) -> String {
        if !self.authserv_id.is_empty() {
            return self.authserv_id.clone();
        }
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        if host.trim().is_empty() { "localhost".to_owned() } else { host.trim().to_owned() }
    }

    /// Reads the `resolver` setting.
    pub(super) fn upstream(&self) -> Result<Upstream, SetUpError> {
        match self.resolver.as_str() {
            "system" => Ok(Upstream::System),
            "off" => Ok(Upstream::Off),
            text => text.parse().map(Upstream::Server).map_err(|_| SetUpError::Resolver(text.to_owned())),
        }
    }
}

/// Why authentication cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetUpError {
    /// The resolver setting is neither `system`, `off` nor ADDR:PORT; what it is.
    Resolver(String),
    /// `/etc/resolv.conf` could not be used; why.
    System(String),
    /// A limit is zero; its name.
    Limit(&'static str),
    /// The DNS client could not be made; why.
    Client(String),
}

impl fmt::Display for SetUpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resolver(text) => {
                write!(f, "auth.resolver is {text:?}; write \"system\", \"off\" or a server like \"127.0.0.1:53\"")
            }
            Self::System(why) => write!(
                f,
                "auth.resolver is \"system\", but /etc/resolv.conf cannot be used: {why}; mend that file, or name a \
                 server like \"127.0.0.1:53\", or set \"off\""
            ),
            Self::Limit(name) => write!(f, "auth.{name} is 0; set it to at least 1"),
            Self::Client(why) => write!(f, "the DNS client could not be made: {why}"),
        }
    }
}

impl std::error::Error for SetUpError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(resolver: &str, expected: Result<Upstream, SetUpError>) {
        let settings = Settings { resolver: resolver.to_owned(), ..Settings::default() };
        assert_eq!(settings.upstream(), expected);
    }

    #[test]
    fn the_resolver_is_the_system_a_server_or_off() {
        check("system", Ok(Upstream::System));
        check("off", Ok(Upstream::Off));
        check("127.0.0.1:5353", Ok(Upstream::Server(([127, 0, 0, 1], 5353).into())));
        check("[::1]:53", Ok(Upstream::Server((std::net::Ipv6Addr::LOCALHOST, 53).into())));
        check("127.0.0.1", Err(SetUpError::Resolver("127.0.0.1".to_owned())));
        check("", Err(SetUpError::Resolver(String::new())));
    }

    #[test]
    fn our_name_is_never_empty() {
        let named = Settings { authserv_id: "mx.example.net".to_owned(), ..Settings::default() };
        assert_eq!(named.our_authserv_id(), "mx.example.net");
        assert!(!Settings::default().our_authserv_id().is_empty());
    }

    #[test]
    fn errors_say_what_to_write() {
        assert!(SetUpError::Resolver("dns".to_owned()).to_string().contains("127.0.0.1:53"));
        assert!(SetUpError::System("no such file".to_owned()).to_string().contains("/etc/resolv.conf"));
    }
}
