//! `kith quarantine delete`: removes held mail for good.

use std::io::Write;

use clap::Args;

use super::release::{held_by_mta, note};
use super::{Place, id, mta, who};
use crate::cli::{Common, Exit, Failure};
use crate::mail::Moment;
use crate::quarantine::What;

/// Delete held mail for good
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Who deletes it, for the log [default: the login]
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// Decision ids, as `list` shows them
    #[arg(required = true)]
    ids: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let place = Place::open(&arguments.common)?;
    let who = who(arguments.who.as_ref());
    // All are understood before the first is deleted.
    let ids = arguments.ids.iter().map(|text| id(text)).collect::<Result<Vec<_>, _>>()?;
    let mut failed = 0;
    for id in ids {
        let unreadable = |error| place.unreadable(&error);
        let is_own = place.folder.find(id).map_err(unreadable)?.is_some();
        let deleted = if is_own {
            place.folder.remove(id, &who, What::Deleted, Moment::now()).map_err(unreadable)
        } else {
            let queue_id = held_by_mta(&place, id).map(|entry| entry.queue_id);
            let run = |queue_id: Option<String>| {
                mta::run("mta_delete", &place.settings.quarantine.mta_delete, queue_id.as_deref())
            };
            queue_id.and_then(run).and_then(|_| note(&place, id, &who, "delete")).map(|()| true)
        };
        match deleted {
            Ok(true) => writeln!(std::io::stdout().lock(), "{id}: deleted")?,
            Ok(false) => eprintln!("{id}: not deleted: another process releases or deletes it"),
            Err(ref failure) => eprintln!("{id}: not deleted: {}", failure.why),
        }
        failed += usize::from(!matches!(deleted, Ok(true)));
    }
    if failed == 0 { Ok(()) } else { Err(Failure::new(Exit::Unavailable, format!("{failed} were not deleted"))) }
}
