//! `kith quarantine show`: one held message: what it is, what happened to it, and its content.

use std::io::Write;

use clap::Args;

use super::list::harmless;
use super::row::of_entry;
use super::{Place, id, mta};
use crate::cli::{Common, Exit, Failure};
use crate::journal;
use crate::quarantine::Row;

/// Show a held message: what it is, why it is held, what happened to it, and its content
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// The message alone, byte for byte, as it would be delivered
    #[arg(long, conflicts_with = "json")]
    raw: bool,
    /// What it is and what happened to it, as one JSON object without the content
    #[arg(long)]
    json: bool,
    /// The decision's id, as `list` shows it
    id: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let place = Place::open(&arguments.common)?;
    let id = id(&arguments.id)?;
    let unreadable = |error| place.unreadable(&error);
    let journal = place.settings.state_directory.join(journal::FOLDER);
    let entry = journal::find(&journal, id).map_err(&unreadable)?;
    let kept = place.folder.find(id).map_err(unreadable)?.filter(|kept| !kept.standing.removed);
    let (row, content) = match (kept, entry.clone()) {
        (Some(kept), _) => {
            let content = place.folder.content(id).map_err(|error| place.unreadable(&error))?;
            (Row::from(&kept), content.map(|(_, content)| content).unwrap_or_default())
        }
        (None, Some(entry)) => {
            let held = mta::held(&place.settings.quarantine).ok();
            let row = of_entry(entry, held.as_ref());
            let content = mta::run("mta_show", &place.settings.quarantine.mta_show, row.queue_id.as_deref());
            // What is known by the journal is shown where the MTA has the message no longer.
            (row, if arguments.raw { content? } else { content.unwrap_or_default() })
        }
        (None, None) => {
            return Err(Failure::new(Exit::NoInput, format!("neither quarantine nor journal knows of {id}")));
        }
    };
    let mut out = std::io::stdout().lock();
    if arguments.raw {
        out.write_all(&content)?;
        return Ok(());
    }
    let events = place.folder.read_log().map_err(|error| place.unreadable(&error))?;
    let events: Vec<_> = events.into_iter().filter(|event| event.id == id).collect();
    if arguments.json {
        let mut object = serde_json::to_value(&row).map_err(std::io::Error::from)?;
        object["events"] = serde_json::to_value(&events).map_err(std::io::Error::from)?;
        writeln!(out, "{object}")?;
        return Ok(());
    }
    if let Some(entry) = &entry {
        write!(out, "{}", crate::filter::explain(entry, &place.settings.filter()))?;
    }
    writeln!(out, "\nKept by {}; {}", row.keeper, row.state)?;
    for one in &row.recipients {
        writeln!(out, "  {}: {}", one.address, one.state)?;
    }
    for event in &events {
        writeln!(out, "  {}", event.line())?;
    }
    writeln!(out, "\n{}", on_terminal(&content))?;
    Ok(())
}

/// A text that leaves the terminal alone.
fn on_terminal(content: &[u8]) -> String {
    let text = String::from_utf8_lossy(content).replace("\r\n", "\n");
    text.chars().map(|c| if harmless(c) || c == '\n' || c == '\t' { c } else { '?' }).collect()
}
