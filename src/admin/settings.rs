//! How the console is served, and how long a sign-in lasts.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// Settings of the web pages, their JSON and the metrics.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address and port where the console listens, as `127.0.0.1:8890`; empty for none.
    pub listen: String,
    /// The address of the console for browsers where a proxy in front of it speaks TLS: `https://kith.example.org`.
    pub public_url: String,
    /// Whether anyone who reaches the port may read `/metrics`; otherwise it takes a token.
    pub metrics_open: bool,
    /// Minutes without a page after which one has to sign in again.
    pub session_idle_minutes_max: u64,
    /// Hours after which one has to sign in again in any case.
    pub session_hours_max: u64,
    /// Failed sign-ins within a quarter of an hour after which no more are heard, for one name; from one address four
    /// times as many.
    pub sign_in_failures_max: u32,
    /// Milliseconds that a search in decisions may take; what was not searched by then is searched on demand.
    pub search_milliseconds_max: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // A door that nobody asked for is not opened.
            listen: String::new(),
            public_url: String::new(),
            // Counts name nobody, and a scraper without secrets is one that works.
            metrics_open: true,
            // A lunch; longer absences are for locked screens.
            session_idle_minutes_max: 30,
            // A working day.
            session_hours_max: 12,
            // NIST SP 800-63B §3.2.2 allows 100 in a row; people who err know their password by the fifth time.
            sign_in_failures_max: 5,
            // Half of what a page may take in all.
            search_milliseconds_max: 50,
        }
    }
}

impl Settings {
    /// What keeps the values from working, each fault in words that begin with its key; empty for sound ones.
    pub fn faults(&self) -> Vec<String> {
        let least = [
            ("session_idle_minutes_max", self.session_idle_minutes_max),
            ("session_hours_max", self.session_hours_max),
            ("sign_in_failures_max", self.sign_in_failures_max.into()),
        ];
        let zero = least.into_iter().filter(|(_, value)| *value == 0);
        let mut faults: Vec<_> = zero.map(|(key, _)| format!("admin.{key} = 0 would let nobody sign in")).collect();
        faults.extend(self.address().err());
        faults
    }

    /// Where to listen; `None` where the console is off.
    ///
    /// # Errors
    /// The setting that cannot work, and why.
    pub fn address(&self) -> Result<Option<SocketAddr>, String> {
        if self.listen.is_empty() {
            return Ok(None);
        }
        let address: SocketAddr = self.listen.parse().map_err(|_| {
            format!("admin.listen: {:?} is no address with a port, such as 127.0.0.1:8890 or [::1]:8890", self.listen)
        })?;
        if !self.public_url.is_empty() && self.public_host().is_none() {
            return Err(format!(
                "admin.public_url: {:?} is no address such as https://kith.example.org",
                self.public_url
            ));
        }
        if !address.ip().is_loopback() && self.public_url.is_empty() {
            return Err(format!(
                "admin.listen: {} can be reached from other hosts, and the console speaks no TLS: passwords would pass in \
                 the clear; listen on 127.0.0.1, or put a proxy with TLS in front and name it by admin.public_url",
                self.listen
            ));
        }
        Ok(Some(address))
    }

    /// The host, with its port where it has one, by which browsers call the console through a proxy.
    pub(super) fn public_host(&self) -> Option<&str> {
        let host = self.public_url.strip_prefix("https://")?.trim_end_matches('/');
        let harmless = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        (!host.is_empty() && host.chars().all(harmless)).then_some(host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(listen: &str, public_url: &str, expected: Result<bool, &str>) {
        let settings = Settings { listen: listen.into(), public_url: public_url.into(), ..Settings::default() };
        match (settings.address(), expected) {
            (Ok(address), Ok(is_on)) => assert_eq!(address.is_some(), is_on, "{listen}"),
            (Err(why), Err(part)) => assert!(why.contains(part), "{why}"),
            (is, expected) => panic!("{listen}: {is:?} and not {expected:?}"),
        }
    }

    #[test]
    fn limits_that_let_nobody_in_are_named() {
        let settings = Settings { session_hours_max: 0, sign_in_failures_max: 0, ..Settings::default() };
        let expected = ["session_hours_max", "sign_in_failures_max"];
        assert_eq!(settings.faults(), expected.map(|key| format!("admin.{key} = 0 would let nobody sign in")));
        let least = Settings { session_idle_minutes_max: 1, session_hours_max: 1, sign_in_failures_max: 1, ..settings };
        assert_eq!(least.faults(), [""; 0]);
    }

    #[test]
    fn passwords_never_leave_the_host_in_the_clear() {
        check("", "", Ok(false));
        check("127.0.0.1:8890", "", Ok(true));
        check("[::1]:0", "", Ok(true));
        check("0.0.0.0:8890", "", Err("can be reached from other hosts"));
        check("192.0.2.1:8890", "https://kith.example.org/", Ok(true));
        check("192.0.2.1:8890", "http://kith.example.org", Err("admin.public_url"));
        check("127.0.0.1:8890", "https://", Err("admin.public_url"));
        check("localhost", "", Err("admin.listen"));
    }
}
