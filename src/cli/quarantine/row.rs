//! A held message as one row, whoever keeps it, and which rows are asked for.

use std::collections::{HashMap, HashSet};

use clap::Args;
use serde::Serialize;

use super::{Place, mta};
use crate::cli::{Failure, when};
use crate::decision::DecisionId;
use crate::journal;
use crate::mail::{Category, Moment};
use crate::quarantine::{Kept, Listing, Part, Stage, grounds};

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

/// A held message.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    pub id: DecisionId,
    pub at: String,
    /// `own` or `mta`.
    pub keeper: &'static str,
    /// `held`, `releasing`, `partly released`, `released`; `gone` where the MTA has it no longer, `unknown` where it was
    /// not asked.
    pub state: &'static str,
    /// Whether the MTA may not know that it is kept here.
    pub unheard: bool,
    pub queue_id: Option<String>,
    pub message_id: Option<String>,
    pub sender: Option<String>,
    pub author: Option<String>,
    pub recipients: Vec<Recipient>,
    pub subject: Option<String>,
    pub category: Option<Category>,
    pub score: Option<f32>,
    pub reasons: Vec<String>,
    /// What held it beside its score.
    pub grounds: Vec<String>,
    pub bytes: u64,
}

/// A recipient, and how it stands for him.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Recipient {
    pub address: String,
    pub state: &'static str,
}

fn state(part: &Part) -> &'static str {
    match part {
        Part::Held => "held",
        Part::Releasing(_, Stage::Heard(_)) | Part::Released => "released",
        Part::Releasing(..) => "releasing",
    }
}

impl From<&Kept> for Row {
    fn from(kept: &Kept) -> Self {
        let (held, standing) = (&kept.held, &kept.standing);
        let states: HashSet<_> = standing.parts.iter().map(|(_, part)| state(part)).collect();
        let one = |wanted: &str| states.len() == 1 && states.contains(wanted);
        Self {
            id: held.id,
            at: held.id.moment().rfc3339(),
            keeper: "own",
            state: match () {
                () if one("held") => "held",
                () if one("released") => "released",
                () if states.contains("releasing") => "releasing",
                () => "partly released",
            },
            unheard: kept.unheard,
            queue_id: held.queue_id.clone(),
            message_id: held.message_id.clone(),
            sender: held.sender.as_ref().map(ToString::to_string),
            author: held.author.clone(),
            recipients: standing
                .parts
                .iter()
                .map(|(one, part)| Recipient { address: one.to_string(), state: state(part) })
                .collect(),
            subject: held.subject.clone(),
            category: held.category,
            score: held.score,
            reasons: held.reasons.clone(),
            grounds: held.grounds.clone(),
            bytes: held.bytes,
        }
    }
}

impl Row {
    /// Of a message that the MTA keeps, by the journal; `held` says what the MTA holds now, where that is known.
    pub fn of_entry(entry: journal::Entry, held: Option<&HashMap<String, Vec<String>>>) -> Self {
        let there = |held: &HashMap<String, Vec<String>>| entry.queue_id.as_ref().is_some_and(|id| held.contains_key(id));
        let state = held.map_or("unknown", |held| if there(held) { "held" } else { "gone" });
        let recipient = |address: String| Recipient { address, state };
        Self {
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
}

impl Filter {
    fn since(&self, now: Moment) -> Result<Option<Moment>, Failure> {
        self.since.as_deref().map(|text| when::since(text, now)).transpose().map_err(Failure::usage)
    }

    fn takes(&self, row: &Row) -> bool {
        let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let any = |part: &Option<String>, texts: &[&Option<String>]| {
            part.as_deref().is_none_or(|part| texts.iter().any(|text| text.as_deref().is_some_and(|text| holds(text, part))))
        };
        let in_state = match row.state {
            _ if self.all => true,
            "released" | "gone" => self.released,
            "partly released" => true,
            _ => !self.released,
        };
        in_state
            && (!self.unheard || row.unheard)
            && self.category.as_deref().is_none_or(|wanted| row.category.is_some_and(|is| is.name() == wanted))
            && any(&self.sender, &[&row.sender, &row.author])
            && any(&self.subject, &[&row.subject])
            && self.recipient.as_deref().is_none_or(|part| row.recipients.iter().any(|one| holds(&one.address, part)))
    }

    /// The rows that are asked for, oldest first, and what could not be read, in words.
    pub fn rows(&self, place: &Place) -> Result<(Vec<Row>, Vec<String>), Failure> {
        if let Some(name) = self.category.as_deref().filter(|name| Category::ALL.iter().all(|one| one.name() != *name)) {
            let names: Vec<_> = Category::ALL.iter().map(|one| one.name()).collect();
            return Err(Failure::usage(format!("{name:?} is no category; there are {}", names.join(", "))));
        }
        let now = Moment::now();
        let since = self.since(now)?;
        let Listing { kept, unreadable } = place.folder.list().map_err(|error| place.unreadable(&error))?;
        let mut complaints: Vec<_> = unreadable.iter().map(|(id, error)| format!("{id} cannot be read: {error}")).collect();
        let mut rows: Vec<Row> = kept.iter().map(Row::from).collect();
        rows.retain(|row| since.is_none_or(|since| row.id.moment() >= since));
        let (of_mta, complaint) = of_mta(place, since.unwrap_or(Moment(now.0 - MTA_DAYS * 86_400_000)))?;
        complaints.extend(complaint);
        rows.extend(of_mta);
        rows.retain(|row| self.takes(row));
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
    Ok((entries.into_iter().map(|entry| Row::of_entry(entry, held.as_ref())).collect(), complaint))
}

/// How an entry of held mail is known before it is read.
const HOLD: &[u8] = b"\"action\":\"hold\"";
