//! `kith baseline names`: whose names are learned as important, with the evidence.

use std::io::Write as _;

use clap::Args;

use super::show::{object, use_of};
use super::open;
use crate::baseline::Shape;
use crate::cli::{Common, Failure};
use crate::mail::Moment;

/// Show whose names are learned as worth protecting, with the evidence of each
///
/// Names of own people that many of the others copy, greet by a title or write to, as baseline.important_people_min says;
/// those in organisation.vips are protected in any case.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (baselines, settings) = open(&arguments.common)?;
    let names = baselines.important_names(Moment::now()).map_err(Failure::unavailable)?;
    let mut out = std::io::stdout().lock();
    for portrait in &names {
        if arguments.json {
            writeln!(out, "{}", object(portrait))?;
        } else if let Shape::Name(used) = &portrait.shape {
            let name = portrait.about.first().map_or("a name that no fact tells any more", String::as_str);
            write!(out, "{name}\n{}", use_of(used))?;
        }
    }
    if names.is_empty() && !arguments.json {
        let min = settings.baseline.important_people_min;
        writeln!(
            out,
            "no name is learned as important: of nobody's that logs in here is it known that {min} colleagues copied it, \
             half as many greeted it by a title, or twice as many wrote to it, within some months"
        )?;
    }
    Ok(())
}
