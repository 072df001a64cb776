//! `kith quarantine digest`: tells recipients what is held for them, as the daemon does once a day.

use std::io::Write;

use clap::Args;

use super::Place;
use crate::cli::{Common, Exit, Failure};
use crate::mail::Moment;
use crate::quarantine::{Digests, SealKey};

/// Tell recipients by mail what Kith's own store holds for them, each message once; the daemon does it once a day
///
/// Links by which recipients let mail go are in the letters where quarantine.digest.base_url is set.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Print the letters instead of sending them
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let place = Place::open(&arguments.common)?;
    let (settings, organisation) = (&place.settings.quarantine, &place.settings.organisation);
    if organisation.domains.is_empty() {
        return Err(Failure::new(Exit::Config, "nobody is told, for organisation.domains is empty"));
    }
    let key = SealKey::open(&place.settings.state_directory).map_err(Failure::unavailable)?;
    let digests = Digests { folder: &place.folder, key: &key, settings, organisation };
    let mut out = std::io::stdout().lock();
    if arguments.dry_run {
        let letters = digests.due(Moment::now()).map_err(|error| place.unreadable(&error))?;
        for letter in &letters {
            writeln!(out, "To {}, of {} messages:\n\n{}", letter.to, letter.told.len(), letter.text)?;
        }
        writeln!(out, "{} letters would be sent", letters.len())?;
        return Ok(());
    }
    let sent = digests.send(Moment::now()).map_err(Failure::unavailable)?;
    for (one, why) in &sent.refused {
        eprintln!("{one}: not sent, and tried again: {why}");
    }
    for (one, why) in &sent.doubtful {
        eprintln!("{one}: nobody knows whether the letter was sent; it is not repeated: {why}");
    }
    writeln!(out, "{} letters sent", sent.letters)?;
    let failed = sent.refused.len() + sent.doubtful.len();
    if failed == 0 { Ok(()) } else { Err(Failure::new(Exit::Unavailable, format!("{failed} letters were not sent"))) }
}
