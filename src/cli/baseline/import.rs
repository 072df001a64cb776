//! `kith baseline import`: learn from past mail.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use tokio::runtime::Runtime;

use super::shown_on;
use crate::auth::Trust;
use crate::cli::{Common, Exit, Failure, progress};
use crate::filter::{Filter, Origin};
use crate::mailbox::Logs;
use crate::training::{import, import_logs};

/// Learn from past mail, in the order of its dates; an import that was broken off goes on where it stood
///
/// Mailboxes tell the most: import them first. Postfix's logs tell who wrote to whom and when; since they do not tell
/// what was proved, only mail of those to whom our own people wrote builds trust.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Whose Authentication-Results tell what was authentic when the mail came
    #[arg(long, value_name = "newest|NAME", default_value = "newest")]
    trust_authres: String,
    /// Files, folders, Maildirs or mbox files (plain or .zst); leave out what is junk
    #[arg(required_unless_present = "postfix_log", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Logs of Postfix (plain, .gz or .zst), in any order; a log that grew or was rotated since is read on
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with = "paths")]
    postfix_log: Vec<PathBuf>,
    /// Zone of log lines that name none, as +HHMM
    #[arg(long, value_name = "ZONE", default_value = "+0000", allow_hyphen_values = true, requires = "postfix_log")]
    log_zone: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.common.settings()?;
    let offset = offset(&arguments.log_zone)?;
    let runtime = Runtime::new().map_err(Failure::unavailable)?;
    let _inside = runtime.enter();
    let mut offline = settings.filter();
    "off".clone_into(&mut offline.auth.resolver);
    let filter = Filter::open(&offline, Some(&settings.state_directory))?;
    let trust = Some(Trust::parse(&arguments.trust_authres));
    let origin = Origin { received_client: true, kept: true, trust, ..Origin::default() };
    let bar = progress::bar("importing");
    let imported = if arguments.postfix_log.is_empty() {
        import(&filter, &arguments.paths, &origin, |done, all| {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        })
    } else {
        let logs = Logs::survey(&arguments.postfix_log, offset);
        import_logs(&filter, logs, offset, shown_on(&bar))
    };
    bar.finish_and_clear();
    filter.close();
    let imported = imported.map_err(Failure::unavailable)?;
    for error in &imported.errors {
        eprintln!("{error}");
    }
    let (learned, before) = (imported.learned, imported.before);
    writeln!(std::io::stdout().lock(), "{learned} messages learned, {before} were learned before")?;
    if imported.errors.is_empty() { Ok(()) } else { Err(Failure::new(Exit::NoInput, "not all mail could be read")) }
}

/// Seconds east of UTC.
fn offset(zone: &str) -> Result<i64, Failure> {
    let wrong = || Failure::usage(format!("{zone:?} is no zone; write it as +0100 or -0530"));
    let (sign, digits) = zone.split_at_checked(1).ok_or_else(wrong)?;
    let east = match sign {
        "+" => 1,
        "-" => -1,
        _ => return Err(wrong()),
    };
    let number: i64 = match digits.parse() {
        Ok(number) if digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()) => number,
        _ => return Err(wrong()),
    };
    let (hours, minutes) = (number / 100, number % 100);
    if hours > 14 || minutes > 59 { Err(wrong()) } else { Ok(east * (hours * 3_600 + minutes * 60)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_read() {
        let check = |zone: &str, expected: Option<i64>| assert_eq!(offset(zone).ok(), expected, "{zone}");
        check("+0000", Some(0));
        check("-0530", Some(-19_800));
        check("+1400", Some(50_400));
        for bad in ["", "0100", "+1500", "+0060", "+01:00", "ü100", "+1"] {
            check(bad, None);
        }
    }
}
