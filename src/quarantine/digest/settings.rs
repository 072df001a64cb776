//! Who is told of held mail, when, and by which address the links lead here.

use serde::{Deserialize, Serialize};

use crate::mail::{Address, Domain, Moment};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Settings of the letters about held mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// When the letters are sent each day, in UTC, as `05:30`; empty for never.
    pub at_utc: String,
    /// How the links begin, as `https://mail.example.org`: by it browsers reach the console's listener (`admin.listen`).
    /// Empty: the letters have no links.
    pub base_url: String,
    /// Days for which a link counts.
    pub link_days_max: u32,
    /// The author of the letters; empty for postmaster at the recipient's domain.
    pub from: String,
    /// Their reverse-path; empty for the null one.
    pub sender: String,
    /// Who gets none: an address, a domain with its sub-domains, or `name@` for that name at every domain.
    pub except: Vec<String>,
    /// Messages told of in one letter; the others are told of in the next.
    pub messages_max: usize,
    /// Letters of one day; the others are sent the next.
    pub letters_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let except = ["abuse@", "hostmaster@", "mailer-daemon@", "no-reply@", "noreply@", "postmaster@", "root@"];
        Self {
            // Recipients hear of it when their administrator wants them to.
            at_utc: String::new(),
            base_url: String::new(),
            // A week's absence; afterwards the administrator can still help.
            link_days_max: 7,
            // It must be there by RFC 5321 §4.5.1, and a person reads it.
            from: String::new(),
            // Nobody is to answer by a machine (RFC 3834 §3.3).
            sender: String::new(),
            // Nobody reads them for himself.
            except: except.map(str::to_owned).to_vec(),
            // More are not read through at one time.
            messages_max: 50,
            // An hour of an MTA that takes three a second.
            letters_max: 10_000,
        }
    }
}

impl Settings {
    /// What is wrong with them, each fault in words that begin with its key; empty for sound ones.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let key = |key: &str| format!("quarantine.digest.{key}");
        if !self.at_utc.is_empty() && minutes(&self.at_utc).is_none() {
            faults.push(format!("{} = {:?} is no time of day such as 05:30", key("at_utc"), self.at_utc));
        }
        if !self.base_url.is_empty() && self.host().is_none() {
            let why = "is no address such as https://mail.example.org, or http://127.0.0.1:8890 on this host";
            faults.push(format!("{} = {:?} {why}", key("base_url"), self.base_url));
        }
        for (name, value) in [("from", &self.from), ("sender", &self.sender)] {
            if !value.is_empty() && Address::parse(value).is_none() {
                faults.push(format!("{} = {value:?} is no mail address", key(name)));
            }
        }
        for one in &self.except {
            let is_one = match one.split_once('@') {
                Some((local, "")) => !local.is_empty(),
                Some(_) => Address::parse(one).is_some(),
                None => Domain::parse(one).is_some(),
            };
            if !is_one {
                faults.push(format!("{}: {one:?} is no address, no domain and no name@", key("except")));
            }
        }
        let least = [
            ("link_days_max", self.link_days_max as usize),
            ("messages_max", self.messages_max),
            ("letters_max", self.letters_max),
        ];
        let zero = least.into_iter().filter(|(_, value)| *value == 0);
        faults.extend(zero.map(|(name, _)| format!("{} must be at least 1", key(name))));
        faults
    }

    /// The last moment not after `now` at which the letters are due; `None` where none are.
    pub fn due(&self, now: Moment) -> Option<Moment> {
        let at = minutes(&self.at_utc)? * 60_000;
        let today = now.0.div_euclid(DAY) * DAY + at;
        Some(Moment(if today <= now.0 { today } else { today - DAY }))
    }

    /// The host, with its port where it has one, by which browsers call the links.
    pub fn host(&self) -> Option<&str> {
        let (scheme, rest) = self.base_url.split_once("://")?;
        let host = rest.trim_end_matches('/');
        let harmless = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let is_local = ["127.0.0.1", "localhost", "[::1]"].contains(&name) || host == "[::1]";
        let is_safe = scheme == "https" || scheme == "http" && is_local;
        (is_safe && !host.is_empty() && host.chars().all(harmless)).then_some(host)
    }

    /// Whether somebody is left out: by these settings, or because it is the address of a list's business.
    pub fn leaves_out(&self, one: &Address) -> bool {
        let local = one.local().to_lowercase();
        let of_list = local.starts_with("owner-")
            || ["-request", "-owner", "-bounces", "-bounce"].iter().any(|end| local.ends_with(end));
        let is_meant = |pattern: &String| match pattern.split_once('@') {
            Some((name, "")) => name.eq_ignore_ascii_case(&local),
            Some(_) => Address::parse(pattern).is_some_and(|other| other.is_same_mailbox(one)),
            None => Domain::parse(pattern).is_some_and(|domain| one.domain().is_within(&domain)),
        };
        of_list || self.except.iter().any(is_meant)
    }
}

/// Minutes since midnight of `HH:MM`.
fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |text: &str, below: i64| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|number| is_number && *number < below)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Settings), expected: &[&str]) {
        let mut settings = Settings::default();
        change(&mut settings);
        let faults = settings.faults();
        let begins = |key: &&str| format!("quarantine.digest.{key}");
        assert_eq!(faults.len(), expected.len(), "{faults:?}");
        assert!(faults.iter().zip(expected).all(|(fault, key)| fault.starts_with(&begins(key))), "{faults:?}");
    }

    #[test]
    fn settings_that_cannot_work_are_named() {
        check(|_| (), &[]);
        for sound in ["00:00", "23:59"] {
            check(|s| s.at_utc = sound.to_owned(), &[]);
        }
        for wrong in ["24:00", "7:30", "07:60", "noon", "+7:00"] {
            check(|s| s.at_utc = wrong.to_owned(), &["at_utc"]);
        }
        for sound in ["https://mail.own.example/", "http://127.0.0.1:8890", "http://[::1]:1"] {
            check(|s| s.base_url = sound.to_owned(), &[]);
        }
        for wrong in ["http://mail.own.example", "https://", "mail.own.example", "https://a/b", "https://a b"] {
            check(|s| s.base_url = wrong.to_owned(), &["base_url"]);
        }
        check(|s| (s.from, s.sender) = ("x".to_owned(), "y".to_owned()), &["from", "sender"]);
        check(|s| s.except = ["a@x.example", "x.example", "a@"].map(str::to_owned).to_vec(), &[]);
        check(|s| s.except = ["@", "a b"].map(str::to_owned).to_vec(), &["except", "except"]);
        check(|s| (s.link_days_max, s.messages_max, s.letters_max) = (0, 0, 0), &["link", "messages", "letters"]);
        check(|s| (s.link_days_max, s.messages_max, s.letters_max) = (1, 1, 1), &[]);
    }

    #[test]
    fn letters_are_due_once_a_day() {
        let settings = Settings { at_utc: "05:30".to_owned(), ..Settings::default() };
        let at = |text: &str| Moment::parse(text).expect("RFC 3339");
        let check = |now: &str, due: &str| assert_eq!(settings.due(at(now)), Some(at(due)), "{now}");
        check("2026-11-25T05:29:59Z", "2026-11-24T05:30:00Z");
        check("2026-11-25T05:30:00Z", "2026-11-25T05:30:00Z");
        check("2026-11-26T05:29:59Z", "2026-11-25T05:30:00Z");
        assert_eq!(Settings::default().due(Moment::now()), None);
    }

    #[test]
    fn who_is_left_out_gets_none() {
        let except = ["ann@own.example", "sales.own.example", "noreply@"].map(str::to_owned).to_vec();
        let settings = Settings { except, ..Settings::default() };
        for (text, expected) in [
            ("ANN@own.example", true),
            ("bob@own.example", false),
            ("bob@eu.sales.own.example", true),
            ("NoReply@own.example", true),
            ("list-request@own.example", true),
            ("owner-list@own.example", true),
        ] {
            assert_eq!(settings.leaves_out(&Address::parse(text).expect("valid")), expected, "{text}");
        }
    }
}
