//! `kith quarantine release`: lets held mail go, once.

use std::io::Write;

use clap::Args;

use super::row::Filter;
use super::{Place, id, mta, who};
use crate::cli::{Common, Exit, Failure};
use crate::decision::DecisionId;
use crate::journal;
use crate::labels::{LettingGo, NotLetGo};
use crate::mail::{Address, Moment};
use crate::quarantine::{Asker, Event, Kept, Part, What, grounds};

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
    let letting = letting(&place, &who, arguments);
    let mut failed = 0;
    for id in ids(arguments, &place)? {
        let released = match place.folder.find(id).map_err(|error| place.unreadable(&error))? {
            Some(kept) => own(&kept, &to, &letting),
            None => of_mta(&place, id, &to, &letting).map(|()| true),
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

/// Who releases, and by which rights.
fn letting<'a>(place: &'a Place, who: &'a str, arguments: &Arguments) -> LettingGo<'a> {
    let (state, settings) = (place.settings.state_directory.as_path(), &place.settings.quarantine);
    LettingGo { state, settings, who, asker: arguments.asker, again: arguments.again }
}

fn refused(why: NotLetGo) -> Failure {
    let exit = if matches!(why, NotLetGo::LeftTo(..)) { Exit::NoPermission } else { Exit::Unavailable };
    Failure::new(exit, why.to_string())
}

/// Releases a message of Kith's own store; whether all have it.
fn own(kept: &Kept, to: &[Address], letting: &LettingGo<'_>) -> Result<bool, Failure> {
    let (id, let_go) = (kept.held.id, letting.let_go(&kept.held, to, Moment::now()).map_err(refused)?);
    let released = let_go.released;
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
    if let Some(error) = let_go.unlabelled {
        return Err(Failure::unavailable(format!("it could not be labelled as safe: {error}")));
    }
    Ok(released.refused.is_empty() && released.doubtful.is_empty())
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

/// Has the MTA let a message go that it holds.
fn of_mta(place: &Place, id: DecisionId, to: &[Address], letting: &LettingGo<'_>) -> Result<(), Failure> {
    let entry = held_by_mta(place, id)?;
    letting.may(entry.category, &grounds(&entry.reasons)).map_err(refused)?;
    let queue_id = entry.queue_id;
    if !to.is_empty() {
        return Err(Failure::usage("the MTA holds it, and can release it to all recipients only"));
    }
    mta::run("mta_release", &place.settings.quarantine.mta_release, queue_id.as_deref())?;
    note(place, id, letting.who, "release")?;
    letting.label(id).map_err(Failure::unavailable)?;
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
