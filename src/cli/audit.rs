//! `kith audit`: a few messages a day, drawn by chance, that somebody looks at.

use std::io::Write;

use clap::{Args, Subcommand};

use super::journal::bring_up_to_date;
use super::sql::{day, failure};
use super::{Common, Failure};
use crate::mail::Moment;
use crate::report::{self, AuditError};
use crate::sql::Limits;
use crate::tables::Tables;

/// Propose messages for labelling, drawn by chance, from which the miss rate is estimated
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Draw a day's sample of passed, tagged and held mail, or show it again; each is written down with its chance
    Next {
        #[command(flatten)]
        common: Common,
        /// How many messages
        #[arg(default_value_t = 20)]
        count: usize,
        /// The day: 2026-11-25, or 2d for two days ago; today's mail is not yet all there
        #[arg(long, default_value = "1d", value_name = "DAY")]
        date: String,
        /// Another seed draws another sample of the same day
        #[arg(long, default_value = "kith")]
        seed: String,
        /// One JSON object a message
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let What::Next { common, count, date, seed, json } = arguments.what;
    let settings = common.settings()?;
    let now = Moment::now();
    let date = day(&date, now)?;
    if date >= day("0d", now)? {
        return Err(Failure::usage(format!("{date} is not over yet; a sample is drawn of a whole day")));
    }
    bring_up_to_date(&settings)?;
    let state = &settings.state_directory;
    let tables = Tables::open(state).map_err(Failure::unavailable)?;
    let drawn = report::next(&tables, state, &date, &seed, count, &Limits::default()).map_err(|error| match error {
        AuditError::Sql(error) => failure(error),
        AuditError::Io(_) => Failure::unavailable(error),
    })?;
    let mut out = std::io::stdout().lock();
    for message in drawn {
        if json {
            writeln!(out, "{}", serde_json::json!(message))?;
            continue;
        }
        let score = message.score.map_or_else(|| "unknown".to_owned(), |score| format!("{score:.2}"));
        let harmless = |text: Option<String>| -> String {
            text.unwrap_or_default().chars().map(|c| if c.is_control() { '?' } else { c }).take(70).collect()
        };
        let done = if message.is_labelled { "labelled" } else { "to label" };
        let (author, subject) = (harmless(message.author), harmless(message.subject));
        writeln!(out, "{}  {done}  {:<8}  {score:>7}  {author}  {subject}", message.id, message.verdict)?;
    }
    Ok(())
}
