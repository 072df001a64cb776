//! `kith quarantine release`: lets held mail go, once.

use std::io::Write;

use clap::Args;

use super::row::Filter;
use super::{Place, id, mta, who};
use crate::cli::{Common, Exit, Failure};
use crate::decision::DecisionId;
use crate::journal;
use crate::labels::{Book, How, Label, Opinion};
use crate::mail::{Address, Category, Moment};
use crate::quarantine::{Asker, Event, Kept, Part, Release, SealKey, What, grounds};

/// Release held mail: it is delivered once, and Kith lets it pass by its token
///
/// What was cut short before is finished. From Kith's own store a message is handed over by SMTP to
/// quarantine.release_to; for one that the MTA holds, quarantine.mta_release is run.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// To this recipient alone; may be repeated [default: to all of them]
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
    /// Hand it over once more, though it was released before or nobody knows: it may arrive twice
    #[arg(long)]
    again: bool,
    /// Who releases it, for the log [default: the login]
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// As whom: what quarantine.rights leaves to others is not released
    #[arg(long = "as", value_name = "WHO", value_parser = asker, default_value = "administrator")]
    asker: Asker,
    /// Finish every release that was cut short
    #[arg(long)]
    unfinished: bool,
    /// Release all that `list` shows with these filters
    #[arg(long)]
    matching: bool,
    #[command(flatten)]
    filter: Filter,
    /// Decision ids, as `list` shows them
    #[arg(required_unless_present_any = ["unfinished", "matching"], conflicts_with_all = ["unfinished", "matching"])]
    ids: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let place = Place::open(&arguments.common)?;
    let to = arguments.to.iter().map(|text| address(text)).collect::<Result<Vec<_>, _>>()?;
    let who = who(arguments.who.as_ref());
    let mut failed = 0;
    for id in ids(arguments, &place)? {
        let released = match place.folder.find(id).map_err(|error| place.unreadable(&error))? {
            Some(kept) => own(&place, &kept, &to, &who, arguments),
            None => of_mta(&place, id, &to, &who, arguments.asker).map(|()| true),
        };
        if let Err(failure) = &released {
            eprintln!("{id}: {}", failure.why);
        }
        failed += usize::from(!matches!(released, Ok(true)));
    }
    if failed == 0 {
        return Ok(());
    }
    Err(Failure::new(Exit::Unavailable, format!("{failed} messages were not released to all; see above")))
}

/// Releases a message of Kith's own store; whether all have it.
fn own(place: &Place, kept: &Kept, to: &[Address], who: &str, arguments: &Arguments) -> Result<bool, Failure> {
    let (id, again) = (kept.held.id, arguments.again);
    allowed(place, arguments.asker, kept.held.category, &kept.held.grounds)?;
    let key = SealKey::open(&place.settings.state_directory).map_err(Failure::unavailable)?;
    let release = Release { folder: &place.folder, key: &key, settings: &place.settings.quarantine, who, again };
    let released = release.run(id, to, Moment::now()).map_err(Failure::unavailable)?;
    let all = released.refused.is_empty() && released.doubtful.is_empty();
    // One that was cut short after its last event has no label yet.
    let is_labelled = || Book::of(&place.settings.state_directory).in_force().map(|labels| labels.contains_key(&id));
    if !released.released.is_empty() || !released.before.is_empty() && !is_labelled().map_err(Failure::unavailable)? {
        label(place, id, who)?;
    }
    let mut out = std::io::stdout().lock();
    for one in &released.released {
        writeln!(out, "{id}: released to {one}")?;
    }
    for one in &released.before {
        writeln!(out, "{id}: had been released to {one}")?;
    }
    for (one, why) in &released.refused {
        writeln!(out, "{id}: not released to {one}: {why}")?;
    }
    for (one, why) in &released.doubtful {
        writeln!(out, "{id}: nobody knows whether it was released to {one}: {why}")?;
    }
    Ok(all)
}

/// Who lets a message go says that it is safe.
fn label(place: &Place, id: DecisionId, who: &str) -> Result<(), Failure> {
    let label = Label::new(id, Opinion::Safe, who, How::Release, Moment::now());
    Book::of(&place.settings.state_directory).add(&label).map_err(Failure::unavailable)
}

fn address(text: &str) -> Result<Address, Failure> {
    Address::parse(text).ok_or_else(|| Failure::usage(format!("{text:?} is not a mail address")))
}

/// The messages that are meant.
fn ids(arguments: &Arguments, place: &Place) -> Result<Vec<DecisionId>, Failure> {
    if arguments.unfinished {
        let kept = place.folder.list().map_err(|error| place.unreadable(&error))?.kept;
        let is_cut = |part: &Part| matches!(part, Part::Releasing(..));
        let cut = kept.into_iter().filter(|kept| kept.standing.parts.iter().any(|(_, part)| is_cut(part)));
        return Ok(cut.map(|kept| kept.held.id).collect());
    }
    if arguments.matching {
        let (rows, complaints) = arguments.filter.rows(place)?;
        complaints.iter().for_each(|complaint| eprintln!("{complaint}"));
        return Ok(rows.into_iter().map(|row| row.id).collect());
    }
    arguments.ids.iter().map(|text| id(text)).collect()
}

fn asker(text: &str) -> Result<Asker, String> {
    let named = Asker::ALL.into_iter().find(|one| one.name() == text);
    named.ok_or_else(|| format!("{text:?} is none of {}", Asker::ALL.map(Asker::name).join(", ")))
}

/// Refuses what is left to others.
fn allowed(place: &Place, asker: Asker, category: Option<Category>, grounds: &[String]) -> Result<(), Failure> {
    let rights = &place.settings.quarantine.rights;
    if rights.allow(asker, category, grounds) {
        return Ok(());
    }
    let kind = category.map_or("policy", |category| category.name());
    let least = rights.least(category, grounds).name();
    Err(Failure::new(Exit::NoPermission, format!("held as {kind}: quarantine.rights leaves its release to the {least}")))
}

/// Has the MTA let a message go that it holds.
fn of_mta(place: &Place, id: DecisionId, to: &[Address], who: &str, asker: Asker) -> Result<(), Failure> {
    let entry = held_by_mta(place, id)?;
    allowed(place, asker, entry.category, &grounds(&entry.reasons))?;
    let queue_id = entry.queue_id;
    if !to.is_empty() {
        return Err(Failure::usage("the MTA holds it, and can release it to all recipients only"));
    }
    mta::run("mta_release", &place.settings.quarantine.mta_release, queue_id.as_deref())?;
    note(place, id, who, "release")?;
    label(place, id, who)?;
    writeln!(std::io::stdout().lock(), "{id}: released by the MTA as {}", queue_id.unwrap_or_default())?;
    Ok(())
}

/// What was decided of a message that the MTA was told to hold.
pub(super) fn held_by_mta(place: &Place, id: DecisionId) -> Result<journal::Entry, Failure> {
    let folder = place.settings.state_directory.join(journal::FOLDER);
    let entry = journal::find(&folder, id).map_err(|error| place.unreadable(&error))?;
    let was_kept = place.folder.known().map_err(|error| place.unreadable(&error))?.contains(&id);
    match entry {
        Some(entry) if entry.action == crate::decision::Verdict::Hold && !was_kept => Ok(entry),
        _ => Err(Failure::new(Exit::NoInput, format!("{id} is not held (any more)"))),
    }
}

pub(super) fn note(place: &Place, id: DecisionId, who: &str, command: &str) -> Result<(), Failure> {
    let what = What::Commanded { command: command.to_owned() };
    place.folder.log(&Event::new(id, who, Moment::now(), what)).map_err(|error| place.unreadable(&error))
}
