//! What happened to a held message, one line each, and what follows from all of it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::decision::DecisionId;
use crate::mail::{Address, Moment};

/// Something that happened to a held message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When, by RFC 3339 in UTC.
    pub at: String,
    /// Of which message.
    pub id: DecisionId,
    /// By whom: a person's name, or `kith`.
    pub who: String,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// The MTA was told that it is kept here.
    Kept {
        /// For whom.
        to: Vec<Address>,
        /// The MTA's name of the message.
        queue_id: Option<String>,
    },
    /// It came again, and the MTA was told the same.
    Repeated {
        /// The MTA's name of the message.
        queue_id: Option<String>,
    },
    /// It is to be released: from now on its token counts, and no earlier one of these recipients.
    Releasing {
        /// Which attempt.
        token: String,
        /// For whom.
        to: Vec<Address>,
    },
    /// The SMTP server has everything but the last line.
    HandingOver {
        /// Which attempt.
        token: String,
    },
    /// It came to Kith with its token, which counts no longer.
    Passed {
        /// Which attempt.
        token: String,
        /// For whom.
        to: Vec<Address>,
        /// The MTA's name of the message.
        queue_id: Option<String>,
    },
    /// It was released.
    Released {
        /// Which attempt.
        token: String,
        /// For whom.
        to: Vec<Address>,
        /// What the SMTP server said.
        answer: String,
    },
    /// The SMTP server did not take it.
    Refused {
        /// Which attempt.
        token: String,
        /// For whom.
        to: Vec<Address>,
        /// What the SMTP server said.
        answer: String,
    },
    /// A command of the MTA was run for it: it lies in the MTA's own quarantine.
    Commanded {
        /// `release` or `delete`.
        command: String,
    },
    /// Somebody deleted it.
    Deleted,
    /// It was older than the settings allow.
    Expired,
    /// What was released made room for others.
    Outlived,
}

impl Event {
    /// An event of this moment.
    pub fn new(id: DecisionId, who: &str, at: Moment, what: What) -> Self {
        Self { at: at.rfc3339(), id, who: who.to_owned(), what }
    }

    /// As one line for people: what happened, to which message, for whom, by whom.
    pub fn line(&self) -> String {
        let (word, to, more) = match &self.what {
            What::Kept { to, queue_id } => ("kept", &to[..], queue_id.as_deref().unwrap_or("")),
            What::Repeated { queue_id } => ("came again", &[][..], queue_id.as_deref().unwrap_or("")),
            What::Releasing { to, .. } => ("is being released", &to[..], ""),
            What::HandingOver { .. } => ("is handed over", &[][..], ""),
            What::Passed { to, queue_id, .. } => ("passed by its token", &to[..], queue_id.as_deref().unwrap_or("")),
            What::Released { to, answer, .. } => ("released", &to[..], answer.as_str()),
            What::Refused { to, answer, .. } => ("not released", &to[..], answer.as_str()),
            What::Commanded { command } => ("left to the MTA", &[][..], command.as_str()),
            What::Deleted => ("deleted", &[][..], ""),
            What::Expired => ("expired", &[][..], ""),
            What::Outlived => ("removed to make room", &[][..], ""),
        };
        let mut text = format!("{} {} {word}", self.at, self.id);
        for (nth, address) in to.iter().enumerate() {
            text.push_str(if nth == 0 { " to=<" } else { ",<" });
            text.push_str(&address.to_string());
            text.push('>');
        }
        text.push_str(&format!(" by={}", self.who));
        if !more.is_empty() {
            text.push_str(&format!(" ({more})"));
        }
        text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
    }
}

/// How far an attempt to release came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The last line was not sent: nobody has it.
    Begun,
    /// The last line may have been sent.
    HandingOver,
    /// It came through Kith, so that the MTA has all of it; its name there.
    Passed(Option<String>),
}

/// What became of the message for one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// It is held.
    Held,
    /// Its release has begun, and nobody wrote down how it ended.
    Releasing(String, Stage),
    /// It was released.
    Released,
}

/// How a message stands after all that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Each recipient.
    pub parts: Vec<(Address, Part)>,
    /// Which token counts for whom: a server that took the message may bring it later.
    open: Vec<(Address, String)>,
    /// Whether its content was removed.
    pub removed: bool,
}

impl Standing {
    /// What follows from these events of a message that was held for these recipients.
    pub fn after(recipients: &[Address], events: &[Event]) -> Self {
        let parts = recipients.iter().map(|one| (one.clone(), Part::Held)).collect();
        let mut standing = Self { parts, open: Vec::new(), removed: false };
        for event in events {
            match &event.what {
                What::Releasing { token, to } => {
                    standing.set(to, &Part::Releasing(token.clone(), Stage::Begun));
                    standing.close(to);
                    standing.open.extend(to.iter().map(|one| (one.clone(), token.clone())));
                }
                What::HandingOver { token } => standing.advance(token, None, &Stage::HandingOver),
                What::Passed { token, to, queue_id } => {
                    standing.advance(token, Some(to), &Stage::Passed(queue_id.clone()));
                    standing.close(to);
                }
                What::Released { to, .. } => standing.set(to, &Part::Released),
                What::Refused { token, to, .. } => standing.refuse(token, to),
                What::Deleted | What::Expired | What::Outlived => standing.removed = true,
                What::Kept { .. } | What::Repeated { .. } | What::Commanded { .. } => {}
            }
        }
        standing
    }

    fn set(&mut self, to: &[Address], part: &Part) {
        let meant = self.parts.iter_mut().filter(|(one, _)| to.iter().any(|other| one.is_same_mailbox(other)));
        meant.for_each(|(_, old)| *old = part.clone());
    }

    /// No token counts for these any more.
    fn close(&mut self, to: &[Address]) {
        self.open.retain(|(one, _)| !to.iter().any(|other| one.is_same_mailbox(other)));
    }

    fn advance(&mut self, token: &str, to: Option<&[Address]>, stage: &Stage) {
        for (one, part) in &mut self.parts {
            if let Part::Releasing(known, at) = part
                && known == token
                && to.is_none_or(|to| to.iter().any(|other| one.is_same_mailbox(other)))
            {
                *at = stage.clone();
            }
        }
    }

    fn refuse(&mut self, token: &str, to: &[Address]) {
        for (one, part) in &mut self.parts {
            let is_meant = matches!(part, Part::Releasing(known, _) if known == token);
            if is_meant && to.iter().any(|other| one.is_same_mailbox(other)) {
                *part = Part::Held;
            }
        }
        self.open.retain(|(one, known)| known != token || !to.iter().any(|other| one.is_same_mailbox(other)));
    }

    /// Whether a token counts for all of these recipients: its attempt is the last one of each, and it did not pass yet.
    pub fn is_open(&self, token: &str, recipients: &[Address]) -> bool {
        let open =
            |wanted: &Address| self.open.iter().any(|(one, known)| known == token && one.is_same_mailbox(wanted));
        !recipients.is_empty() && recipients.iter().all(open)
    }

    /// Whether it was released to everybody.
    pub fn is_released(&self) -> bool {
        self.parts.iter().all(|(_, part)| *part == Part::Released)
    }

    /// Whether nothing was released yet, and nothing is on its way.
    pub fn is_untouched(&self) -> bool {
        self.parts.iter().all(|(_, part)| *part == Part::Held)
    }
}

/// Reads all events of a file; none where there is no file. A last line without its end was never promised to anybody.
pub(super) fn read(path: &Path) -> io::Result<Vec<Event>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        file => file?,
    };
    let (mut lines, mut line, mut events) = (BufReader::new(file), Vec::new(), Vec::new());
    while lines.read_until(b'\n', &mut line)? > 0 {
        if line.ends_with(b"\n") {
            events.extend(serde_json::from_slice(&line).ok());
        }
        line.clear();
    }
    Ok(events)
}

/// A file of events, locked against other processes for as long as this lives.
pub(super) struct Events {
    file: File,
}

impl Events {
    /// Opens a file and waits for its lock; makes it where it is missing, for the owner of its folder.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let is_new = !path.exists();
        let options = || OpenOptions::new().read(true).append(true).create(true).mode(0o600).clone();
        let file = options().open(path)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        if is_new {
            give_to_owner(folder, path)?;
            File::open(folder)?.sync_all()?;
        }
        file.lock()?;
        Ok(Self { file })
    }

    /// Writes an event durably. What a process that died left of a line is ended first, so that this stands alone.
    pub(super) fn append(&mut self, event: &Event) -> io::Result<()> {
        let before = self.file.metadata()?.len();
        let mut line = Vec::new();
        if before > 0 && !self.ends_whole(before)? {
            line.push(b'\n');
        }
        serde_json::to_writer(&mut line, event)?;
        line.push(b'\n');
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        if written.is_err() {
            // Half a line on a full disk would be read by nobody; what cannot be cut off is ended by the next.
            let _ = self.file.set_len(before);
        }
        written
    }

    fn ends_whole(&self, length: u64) -> io::Result<bool> {
        use std::os::unix::fs::FileExt;
        let mut last = [0];
        self.file.read_exact_at(&mut last, length - 1)?;
        Ok(last == [b'\n'])
    }
}

/// Gives what root made to who owns the folder, so that the daemon can write on.
pub(super) fn give_to_owner(folder: &Path, path: &Path) -> io::Result<()> {
    let (theirs, ours) = (fs::metadata(folder)?, fs::metadata(path)?);
    if ours.uid() == 0 && theirs.uid() != 0 {
        std::os::unix::fs::chown(path, Some(theirs.uid()), Some(theirs.gid()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("valid")
    }

    fn event(what: What) -> Event {
        Event::new(DecisionId::new(Moment(5), 1), "ann", Moment(1_700_000_000_000), what)
    }

    fn releasing(token: &str, to: &[&str]) -> Event {
        event(What::Releasing { token: token.to_owned(), to: to.iter().map(|text| address(text)).collect() })
    }

    fn passed(token: &str) -> Event {
        let to = BOTH.map(address).to_vec();
        event(What::Passed { token: token.to_owned(), to, queue_id: Some("Q".to_owned()) })
    }

    const BOTH: [&str; 2] = ["a@own.example", "b@own.example"];

    fn after(events: &[Event]) -> Standing {
        Standing::after(&BOTH.map(address), events)
    }

    #[test]
    fn a_token_counts_once_and_for_the_last_attempt_alone() {
        let open = |events: &[Event], token: &str, to: &[&str]| {
            let to: Vec<_> = to.iter().map(|text| address(text)).collect();
            after(events).is_open(token, &to)
        };
        assert!(!open(&[], "1", &BOTH));
        let first = releasing("1", &BOTH);
        assert!(
            open(std::slice::from_ref(&first), "1", &BOTH)
                && open(std::slice::from_ref(&first), "1", &["B@own.example"])
        );
        assert!(!open(std::slice::from_ref(&first), "1", &[]) && !open(std::slice::from_ref(&first), "2", &BOTH));
        assert!(!open(std::slice::from_ref(&first), "1", &["c@own.example"]));
        assert!(!open(&[first.clone(), passed("1")], "1", &BOTH));
        let second = releasing("2", &BOTH[..1]);
        assert!(!open(&[first.clone(), second.clone()], "1", &BOTH[..1]));
        assert!(open(&[first.clone(), second.clone()], "1", &BOTH[1..]) && open(&[first, second], "2", &BOTH[..1]));
    }

    #[test]
    fn a_standing_follows_from_all_events() {
        let to = |n: usize| vec![address(BOTH[n])];
        let token = || "1".to_owned();
        let mut events = vec![releasing("1", &BOTH), event(What::HandingOver { token: token() })];
        assert_eq!(after(&events).parts[1].1, Part::Releasing(token(), Stage::HandingOver));
        events.push(passed("1"));
        assert_eq!(after(&events).parts[0].1, Part::Releasing(token(), Stage::Passed(Some("Q".to_owned()))));
        events.push(event(What::Released { token: token(), to: to(0), answer: String::new() }));
        events.push(event(What::Refused { token: token(), to: to(1), answer: String::new() }));
        let standing = after(&events);
        assert_eq!(
            standing.parts.iter().map(|(_, part)| part.clone()).collect::<Vec<_>>(),
            [Part::Released, Part::Held]
        );
        assert!(!standing.is_released() && !standing.is_untouched() && !standing.removed);
        events.push(event(What::Deleted));
        assert!(after(&events).removed && after(&[]).is_untouched());
    }

    #[test]
    fn a_line_that_was_cut_short_spoils_no_other() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("events");
        assert_eq!(read(&path).expect("none"), []);
        let first = releasing("1", &BOTH);
        Events::open(&path).expect("made").append(&first).expect("written");
        let whole = fs::read(&path).expect("there");
        fs::write(&path, [&whole[..], &whole[..whole.len() - 9]].concat()).expect("writable");
        assert_eq!(read(&path).expect("readable"), std::slice::from_ref(&first));
        Events::open(&path).expect("there").append(&passed("1")).expect("written");
        assert_eq!(read(&path).expect("readable"), [first, passed("1")]);
    }

    #[test]
    fn lines_for_people_hold_no_control_characters() {
        let said = event(What::Refused { token: "1".into(), to: vec![address(BOTH[0])], answer: "550 no\r\nx".into() });
        assert_eq!(
            said.line(),
            "2023-11-14T22:13:20Z 00000000050000000000000001 not released to=<a@own.example> by=ann (550 no??x)"
        );
    }
}
