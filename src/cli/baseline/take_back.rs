//! `kith baseline take-back`: label attacks, and take back what they gained.

use std::io::Write;
use std::time::Duration;

use clap::Args;

use super::{locked, open_unless_locked};
use crate::baseline::{Attack, Baselines, FOLDER, GivenBack, TakenBack};
use crate::cli::{Common, Exit, Failure};
use crate::decision::DecisionId;
use crate::journal;
use crate::mail::{Address, Moment};
use crate::settings::Settings;

/// How long the daemon has to take a request up; it looks each second.
const PATIENCE: Duration = Duration::from_secs(15);

/// Label messages as attacks, and take back exactly the trust that they earned before
///
/// A decision's id names one message; an address names all that it wrote, since a moment where --since says so. What
/// our own people answered to it makes it solicited no longer. Nothing is lost: the messages stay counted, as attacks. While the daemon runs, it does it.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// For addresses: since when they attack, a day or RFC 3339, as after an account was taken over [default: ever]
    #[arg(long, value_name = "T")]
    since: Option<String>,
    /// Decision ids, as in X-Kith-ID and in the log, or addresses
    #[arg(required = true, value_name = "ID|ADDRESS")]
    what: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let since = match &arguments.since {
        Some(text) => crate::cli::when::moment(text, false).map_err(Failure::usage)?,
        None => Moment(i64::MIN),
    };
    // All are understood before the first is taken back.
    let attacks: Vec<(&String, Attack)> = arguments
        .what
        .iter()
        .map(|what| attack(&arguments.common, what, since).map(|attack| (what, attack)))
        .collect::<Result<_, _>>()?;
    let (baselines, settings) = open_unless_locked(&arguments.common)?;
    let mut nothing = Vec::new();
    for (what, attack) in attacks {
        let taken = take_back(baselines.as_ref(), &settings, &attack)?;
        writeln!(
            std::io::stdout().lock(),
            "{what}: {} messages labelled as attacks, {} answers to them, {} profiles made anew",
            taken.messages,
            taken.answers,
            taken.profiles
        )?;
        if taken.messages == 0 {
            nothing.push(what.as_str());
        }
    }
    if nothing.is_empty() {
        return Ok(());
    }
    let why = "no message that is kept and was not labelled before is meant by";
    Err(Failure::new(Exit::NoInput, format!("{why} {}", nothing.join(", "))))
}

/// Takes back what an attack gained, by the running daemon where it has the baselines.
fn take_back(baselines: Option<&Baselines>, settings: &Settings, attack: &Attack) -> Result<TakenBack, Failure> {
    let taken = match baselines {
        Some(baselines) => baselines.take_back(attack, Moment::now()),
        None => {
            let folder = settings.state_directory.join(FOLDER);
            let asked = Baselines::ask_to_take_back(&folder, attack, Moment::now(), PATIENCE);
            asked.transpose().ok_or_else(|| locked(settings))?
        }
    };
    taken.map_err(Failure::unavailable)
}

/// Whether there are baselines, which remember single messages.
pub(in crate::cli) fn is_possible(settings: &Settings) -> bool {
    settings.baseline.facts_days > 0 && settings.state_directory.join(FOLDER).exists()
}

/// Takes back what an attack gained.
pub(in crate::cli) fn ask(common: &Common, attack: &Attack) -> Result<TakenBack, Failure> {
    let (baselines, settings) = open_unless_locked(common)?;
    take_back(baselines.as_ref(), &settings, attack)
}

/// Gives back what was taken from mail that was no attack.
pub(in crate::cli) fn ask_back(common: &Common, attack: &Attack) -> Result<GivenBack, Failure> {
    let (baselines, settings) = open_unless_locked(common)?;
    let given = match baselines {
        Some(baselines) => baselines.give_back(attack, Moment::now()),
        None => {
            let folder = settings.state_directory.join(FOLDER);
            let asked = Baselines::ask_to_give_back(&folder, attack, Moment::now(), PATIENCE);
            asked.transpose().ok_or_else(|| locked(&settings))?
        }
    };
    given.map_err(Failure::unavailable)
}

pub(super) fn attack(common: &Common, what: &str, since: Moment) -> Result<Attack, Failure> {
    if let Some(author) = Address::parse(what) {
        return Ok(Attack::Author { author, since });
    }
    let id = DecisionId::parse(what)
        .ok_or_else(|| Failure::usage(format!("{what:?} is neither an address nor a decision id")))?;
    let folder = common.settings()?.state_directory.join(journal::FOLDER);
    let entry = journal::find(&folder, id)
        .map_err(|error| Failure::unavailable(format!("cannot read the journal {}: {error}", folder.display())))?
        .ok_or_else(|| {
            let why = format!("the journal in {} holds no decision {what}; name the author's address", folder.display());
            Failure::new(Exit::NoInput, why)
        })?;
    let author = entry.author.as_deref().or(entry.envelope.sender.as_deref()).and_then(Address::parse);
    match (entry.message_id, author) {
        (Some(message_id), Some(author)) => Ok(Attack::Message { message_id, author }),
        _ => Err(Failure::new(
            Exit::Data,
            format!("decision {what} is of a message without Message-ID or author; name the author's address instead"),
        )),
    }
}
