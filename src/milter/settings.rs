//! The milter's settings.

use serde::{Deserialize, Serialize};

use super::endpoint::Endpoint;

/// Where the milter listens, how much it takes on, and how long it waits. What is answered at a limit is the filter's
/// policy ([`super::Filter::lapse`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Sockets to listen on: `inet:port@host`, `inet:host:port`, `inet6:…` alike, `unix:/path`, `local:/path`. Sockets
    /// that systemd passes are taken instead of all of these. Takes effect at a start, not at a reload.
    pub listen: Vec<String>,
    /// Permissions of unix sockets, octal. Takes effect at a start.
    pub socket_mode: String,
    /// Group of unix sockets; empty leaves it. Takes effect at a start.
    pub socket_group: String,
    /// Connections at a time; further ones wait in the system's queue until one ends.
    pub connections_max: usize,
    /// Longest message, header and body.
    pub message_bytes_max: usize,
    /// Header fields of a message.
    pub headers_max: usize,
    /// Longest header, all fields together.
    pub header_bytes_max: usize,
    /// Recipients of a message.
    pub recipients_max: usize,
    /// Bytes of all messages in memory; the message that goes beyond is given up.
    pub in_flight_bytes_max: usize,
    /// Messages that are being answered at a time; one more is answered at once, by the policy for overload.
    pub in_flight_max: usize,
    /// Seconds from the end of a message to its answer.
    pub answer_seconds_max: u64,
    /// Seconds between the signs of life that an MTA gets while it waits.
    pub progress_seconds: u64,
    /// Seconds without a byte after which a connection is closed.
    pub idle_seconds_max: u64,
    /// Seconds that messages under way have to finish when the daemon stops.
    pub drain_seconds_max: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // Loopback: a milter trusts whoever connects. The port is the one of the milter documentation's examples.
            listen: vec!["inet:127.0.0.1:8891".to_owned()],
            // The MTA runs as another user and is let in by its group.
            socket_mode: "0660".to_owned(),
            socket_group: String::new(),
            // Postfix has 100 smtpd processes by default; large sites raise it tenfold.
            connections_max: 1_000,
            // Above what MTAs take (Postfix 10,240,000; providers 25 to 50 MB), so that the MTA's own limit speaks first.
            message_bytes_max: 67_108_864,
            // Real mail has under 200; Received loops end at 100 hops.
            headers_max: 2_000,
            // Ten times Postfix's header_size_limit, which is for one field.
            header_bytes_max: 1_048_576,
            // Ten times Postfix's smtpd_recipient_limit: lists are also submitted locally.
            recipients_max: 10_000,
            // Four of the longest messages, or fifty thousand of the mean length.
            in_flight_bytes_max: 268_435_456,
            // At 5 s of DNS for each, this is still 100 messages a second; beyond it, waiting helps nobody.
            in_flight_max: 500,
            // Six times a slow DNS answer (5 s), a tenth of the MTAs' 300 s for the end of a message.
            answer_seconds_max: 30,
            // Sendmail waits 10 s for each reply of a filter (its R timer).
            progress_seconds: 4,
            // libmilter's own default, just above two hours: MTAs keep a connection as long as a client keeps theirs.
            idle_seconds_max: 7_210,
            // Longer than an answer may take, shorter than systemd's 90 s before it kills.
            drain_seconds_max: 40,
        }
    }
}

impl Settings {
    /// What is wrong with the settings, a sentence for each that begins with its key; empty when they can be used.
    pub fn faults(&self) -> Vec<String> {
        let misspelt = self.listen.iter().filter_map(|text| Endpoint::parse(text).err());
        let mut faults: Vec<String> = misspelt.map(|why| format!("milter.listen: {why}")).collect();
        if self.mode().is_none() {
            faults
                .push(format!("milter.socket_mode = {:?} is no octal mode; write it like \"0660\"", self.socket_mode));
        }
        let numbers = [
            ("connections_max", self.connections_max),
            ("message_bytes_max", self.message_bytes_max),
            ("headers_max", self.headers_max),
            ("header_bytes_max", self.header_bytes_max),
            ("recipients_max", self.recipients_max),
            ("in_flight_bytes_max", self.in_flight_bytes_max),
            ("in_flight_max", self.in_flight_max),
            ("answer_seconds_max", usize::try_from(self.answer_seconds_max).unwrap_or(usize::MAX)),
            ("progress_seconds", usize::try_from(self.progress_seconds).unwrap_or(usize::MAX)),
            ("idle_seconds_max", usize::try_from(self.idle_seconds_max).unwrap_or(usize::MAX)),
        ];
        faults.extend(
            numbers.iter().filter(|(_, n)| *n == 0).map(|(key, _)| format!("milter.{key} = 0 would refuse all mail")),
        );
        // MTAs wait 300 s for the end of a message (Postfix milter_content_timeout, Sendmail T=E:5m).
        if self.answer_seconds_max >= 300 {
            faults.push(format!(
                "milter.answer_seconds_max = {} is not below the 300 s that MTAs wait; 30 is usual",
                self.answer_seconds_max
            ));
        }
        if self.in_flight_bytes_max < self.message_bytes_max {
            faults.push(format!(
                "milter.in_flight_bytes_max = {} is less than one message of message_bytes_max = {}",
                self.in_flight_bytes_max, self.message_bytes_max
            ));
        }
        faults
    }

    /// The permissions of unix sockets; `None` where they cannot be read.
    pub(super) fn mode(&self) -> Option<u32> {
        u32::from_str_radix(&self.socket_mode, 8).ok().filter(|mode| *mode <= 0o777)
    }

    /// The keys that differ in `new` and cannot change while the daemon runs.
    pub(super) fn unchangeable(&self, new: &Self) -> Vec<&'static str> {
        let mut keys = Vec::new();
        if self.listen != new.listen {
            keys.push("listen");
        }
        if self.socket_mode != new.socket_mode {
            keys.push("socket_mode");
        }
        if self.socket_group != new.socket_group {
            keys.push("socket_group");
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Settings), expected: Option<&str>) {
        let mut settings = Settings::default();
        change(&mut settings);
        let faults = settings.faults();
        match expected {
            None => assert_eq!(faults, [""; 0]),
            Some(expected) => assert!(faults.iter().any(|f| f.contains(expected)), "{faults:?} lacks {expected}"),
        }
    }

    #[test]
    fn faults_are_named() {
        check(|_| (), None);
        check(|s| s.listen = vec!["tcp:1".to_owned()], Some("tcp:1"));
        check(|s| s.socket_mode = "rw".to_owned(), Some("socket_mode"));
        check(|s| s.socket_mode = "1777".to_owned(), Some("socket_mode"));
        check(|s| s.socket_mode = "0777".to_owned(), None);
        check(|s| s.in_flight_max = 0, Some("in_flight_max = 0"));
        check(|s| s.answer_seconds_max = 299, None);
        check(|s| s.answer_seconds_max = 300, Some("answer_seconds_max"));
        check(|s| s.in_flight_bytes_max = s.message_bytes_max, None);
        check(|s| s.in_flight_bytes_max = s.message_bytes_max - 1, Some("in_flight_bytes_max"));
    }

    #[test]
    fn keys_that_cannot_change_are_named() {
        let new = Settings { listen: vec![], headers_max: 1, ..Settings::default() };
        assert_eq!(Settings::default().unchangeable(&new), ["listen"]);
        let new =
            Settings { socket_mode: "0666".to_owned(), socket_group: "postfix".to_owned(), ..Settings::default() };
        assert_eq!(Settings::default().unchangeable(&new), ["socket_mode", "socket_group"]);
    }
}
