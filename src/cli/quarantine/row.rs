//! Which held messages are asked for, in words of the command line; those of the MTA as rows beside Kith's own.

use std::collections::{HashMap, HashSet};

use clap::Args;

use super::{Place, mta};
use crate::cli::{Failure, when};
use crate::decision::DecisionId;
use crate::journal;
use crate::mail::{Category, Moment};
use crate::quarantine::{Listing, Recipient, Row, Standings, Wanted, grounds};

/// Which held messages are meant.
#[derive(Args, Clone, Debug)]
pub(super) struct Filter {
    /// Held since: a day, RFC 3339, or a span such as 7d or 12h [default: all in Kith's store, 30d of the MTA's]
    #[arg(long, value_name = "T")]
    since: Option<String>,
    /// Of this kind of attack
    #[arg(long, value_name = "CATEGORY")]
    category: Option<String>,
    /// From senders or authors whose address holds this
    #[arg(long, value_name = "TEXT")]
    sender: Option<String>,
    /// For recipients whose address holds this
    #[arg(long, value_name = "TEXT")]
    recipient: Option<String>,
    /// With subjects that hold this
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// Those that were released, instead of those that are held
    #[arg(long)]
    released: bool,
    /// Those of which the MTA may not know that they are kept
    #[arg(long)]
    unheard: bool,
    /// All, however they stand
    #[arg(long, conflicts_with_all = ["released", "unheard"])]
    all: bool,
}

/// Days of the MTA's held mail that are looked for: as long as Postfix's administrators leave mail on hold.
const MTA_DAYS: i64 = 30;

/// A row of a message that the MTA keeps, by the journal; `held` says what the MTA holds now, where that is known.
pub(super) fn of_entry(entry: journal::Entry, held: Option<&HashMap<String, Vec<String>>>) -> Row {
    let there = |held: &HashMap<String, Vec<String>>| entry.queue_id.as_ref().is_some_and(|id| held.contains_key(id));
    let state = held.map_or("unknown", |held| if there(held) { "held" } else { "gone" });
    let recipient = |address: String| Recipient { address, state };
    Row {
        id: entry.id,
        at: entry.at,
        keeper: "mta",
        state,
        unheard: false,
        queue_id: entry.queue_id,
        message_id: entry.message_id,
        sender: entry.envelope.sender,
        author: entry.author,
        recipients: entry.envelope.recipients.into_iter().map(recipient).collect(),
        subject: entry.subject,
        category: entry.category,
        score: entry.score,
        grounds: grounds(&entry.reasons),
        reasons: entry.reasons.into_iter().map(|reason| reason.name).collect(),
        bytes: entry.bytes as u64,
    }
}

impl Filter {
    /// The same in the quarantine's words.
    fn wanted(&self, now: Moment) -> Result<Wanted, Failure> {
        let category = match self.category.as_deref() {
            None => None,
            Some(name) => {
                let known = Category::ALL.into_iter().find(|one| one.name() == name);
                let names = Category::ALL.map(Category::name).join(", ");
                Some(known.ok_or_else(|| Failure::usage(format!("{name:?} is no category; there are {names}")))?)
            }
        };
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Ok(Wanted {
            since: self.since.as_deref().map(|text| when::since(text, now)).transpose().map_err(Failure::usage)?,
            category: category.map(Some),
            sender: text(&self.sender),
            recipient: text(&self.recipient),
            subject: text(&self.subject),
            standings: match () {
                () if self.all => Standings::All,
                () if self.released => Standings::Released,
                () => Standings::Held,
            },
            unheard: self.unheard,
            ..Wanted::default()
        })
    }

    /// The rows that are asked for, oldest first, and what could not be read, in words.
    pub fn rows(&self, place: &Place) -> Result<(Vec<Row>, Vec<String>), Failure> {
        let now = Moment::now();
        let wanted = self.wanted(now)?;
        let Listing { kept, unreadable } = place.folder.list().map_err(|error| place.unreadable(&error))?;
        let mut complaints: Vec<_> = unreadable.iter().map(|(id, error)| format!("{id} cannot be read: {error}")).collect();
        let mut rows: Vec<Row> = kept.iter().map(Row::from).collect();
        let (of_mta, complaint) = of_mta(place, wanted.since.unwrap_or(Moment(now.0 - MTA_DAYS * 86_400_000)))?;
        complaints.extend(complaint);
        rows.extend(of_mta);
        rows.retain(|row| wanted.takes(row));
        rows.sort_by_key(|row| row.id);
        Ok((rows, complaints))
    }
}

/// What the MTA was told to hold since a moment; it is asked only where there was something.
fn of_mta(place: &Place, since: Moment) -> Result<(Vec<Row>, Option<String>), Failure> {
    let folder = place.settings.state_directory.join(journal::FOLDER);
    // What Kith kept itself was written down as held, too.
    let own: HashSet<DecisionId> = place.folder.known().map_err(|error| place.unreadable(&error))?;
    let is_hold = |line: &[u8]| line.windows(HOLD.len()).any(|part| part == HOLD);
    let mut entries = Vec::new();
    journal::each(&folder, since, is_hold, |entry| {
        let is_repeated = entry.reasons.first().is_some_and(|reason| reason.name == "kept_before");
        if !own.contains(&entry.id) && !is_repeated {
            entries.push(entry);
        }
    })
    .map_err(|error| Failure::unavailable(format!("cannot read the journal {}: {error}", folder.display())))?;
    if entries.is_empty() {
        return Ok((Vec::new(), None));
    }
    let (held, complaint) = match mta::held(&place.settings.quarantine) {
        Ok(held) => (Some(held), None),
        Err(why) => (None, Some(format!("what the MTA holds now is not known: {why}"))),
    };
    Ok((entries.into_iter().map(|entry| of_entry(entry, held.as_ref())).collect(), complaint))
}

/// How an entry of held mail is known before it is read.
const HOLD: &[u8] = b"\"action\":\"hold\"";
