//! What happened to a held message, one line each, and what follows from all of it.

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
    /// The MTA heard that it passes by its token, so that it has it.
    Heard {
        /// Which attempt.
        token: String,
        /// For whom.
        to: Vec<Address>,
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
    /// Its recipients were told of it, or a letter that tells them is under way.
    Told {
        /// Who.
        to: Vec<Address>,
        /// Which letter.
        letter: DecisionId,
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
            What::Heard { to, .. } => ("was let through", &to[..], ""),
            What::Released { to, answer, .. } => ("released", &to[..], answer.as_str()),
            What::Refused { to, answer, .. } => ("not released", &to[..], answer.as_str()),
            What::Commanded { command } => ("left to the MTA", &[][..], command.as_str()),
            What::Told { to, .. } => ("was told of", &to[..], ""),
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
    /// It came to Kith with its token, and the MTA may have heard that it passes; its name there.
    Passed(Option<String>),
    /// The MTA heard that it passes, so that it has it; its name there.
    Heard(Option<String>),
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
    /// Who was told of it.
    told: Vec<Address>,
    /// Whether its content was removed.
    pub removed: bool,
}

impl Standing {
    /// What follows from these events of a message that was held for these recipients.
    pub fn after(recipients: &[Address], events: &[Event]) -> Self {
        let parts = recipients.iter().map(|one| (one.clone(), Part::Held)).collect();
        let mut standing = Self { parts, open: Vec::new(), told: Vec::new(), removed: false };
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
                What::Heard { token, to } => standing.hear(token, to),
                What::Released { to, .. } => standing.set(to, &Part::Released),
                What::Refused { token, to, .. } => standing.refuse(token, to),
                What::Told { to, .. } => standing.told.extend(to.iter().cloned()),
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

    fn hear(&mut self, token: &str, to: &[Address]) {
        for (one, part) in &mut self.parts {
            if let Part::Releasing(known, stage) = part
                && let Stage::Passed(queue_id) = stage
                && known == token
                && to.iter().any(|other| one.is_same_mailbox(other))
            {
                *stage = Stage::Heard(queue_id.take());
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

    /// Whether a recipient was told of it.
    pub fn is_told(&self, recipient: &Address) -> bool {
        self.told.iter().any(|one| one.is_same_mailbox(recipient))
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
    fn lines_for_people_hold_no_control_characters() {
        let said = event(What::Refused { token: "1".into(), to: vec![address(BOTH[0])], answer: "550 no\r\nx".into() });
        assert_eq!(
            said.line(),
            "2023-11-14T22:13:20Z 00000000050000000000000001 not released to=<a@own.example> by=ann (550 no??x)"
        );
    }
}
