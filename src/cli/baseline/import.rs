//! `kith baseline import`: learn from past mail.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use console::Term;
use indicatif::ProgressBar;
use tokio::runtime::Runtime;

use super::{owned, shown_on};
use crate::auth::Trust;
use crate::baseline::FOLDER;
use crate::cli::{Common, Exit, Failure, progress};
use crate::filter::{Filter, Origin};
use crate::mailbox::{Imap, ImapUrl, Logs};
use crate::training::{Imported, import, import_imap, import_logs};

/// The environment's name of the password.
const PASSWORD: &str = "KITH_IMAP_PASSWORD";

/// Learn from past mail; an import that was broken off goes on where it stood
///
/// Mailboxes tell the most, so import them first; files are learned in the order of their dates, an IMAP mailbox in the
/// order in which the server received its messages. Postfix's logs tell who wrote to whom and when; since they do not tell what
/// was proved, only mail of those to whom our own people wrote builds trust.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Whose Authentication-Results tell what was authentic when the mail came
    #[arg(long, value_name = "newest|NAME", default_value = "newest")]
    trust_authres: String,
    /// Files, folders, Maildirs or mbox files (plain, .gz or .zst); leave out what is junk
    #[arg(required_unless_present_any = ["postfix_log", "imap"], value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Logs of Postfix (plain, .gz or .zst), in any order; a log that grew or was rotated since is read on
    #[arg(long, num_args = 1.., value_name = "FILE", conflicts_with_all = ["paths", "imap"])]
    postfix_log: Vec<PathBuf>,
    /// Zone of log lines that name none, as +HHMM
    #[arg(long, value_name = "ZONE", default_value = "+0000", allow_hyphen_values = true, requires = "postfix_log")]
    log_zone: String,
    /// A mailbox on an IMAP server, which is read and never changed: imaps://USER@HOST[:PORT]/MAILBOX, with %40 for an @
    /// in USER and MAILBOX as the server names it [default: INBOX]; the password comes from --password-file, else from
    /// KITH_IMAP_PASSWORD, else it is asked for
    #[arg(long, value_name = "URL", conflicts_with = "paths")]
    imap: Option<String>,
    /// File whose first line is the password
    #[arg(long, value_name = "FILE", requires = "imap")]
    password_file: Option<PathBuf>,
    /// Authorities that the IMAP server's certificate is checked against (PEM), instead of the system's
    #[arg(long, value_name = "FILE", requires = "imap")]
    ca: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.common.settings()?;
    let offset = offset(&arguments.log_zone)?;
    let imap = arguments.imap.as_deref().map(url).transpose()?;
    owned(&settings.state_directory.join(FOLDER))?;
    let runtime = Runtime::new().map_err(Failure::unavailable)?;
    let _inside = runtime.enter();
    let mut offline = settings.filter();
    "off".clone_into(&mut offline.auth.resolver);
    let filter = Filter::open(&offline, Some(&settings.state_directory))?;
    let bar = progress::bar("importing");
    let imported = match imap {
        Some(url) => {
            let password = password(arguments, &url)?;
            runtime.block_on(fetched(&filter, &url, &password, arguments, &bar))
        }
        None if arguments.postfix_log.is_empty() => {
            let mut show = shown_on(&bar);
            import(&filter, &arguments.paths, &origin(arguments), |done, all| show(done as u64, all as u64))
        }
        None => import_logs(&filter, Logs::survey(&arguments.postfix_log, offset), offset, shown_on(&bar)),
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

fn origin(arguments: &Arguments) -> Origin {
    let trust = Some(Trust::parse(&arguments.trust_authres));
    Origin { received_client: true, kept: true, trust, ..Origin::default() }
}

async fn fetched(
    filter: &Filter,
    url: &ImapUrl,
    password: &str,
    arguments: &Arguments,
    bar: &ProgressBar,
) -> Result<Imported, String> {
    let mut imap = Imap::open(url, password, arguments.ca.as_deref()).await?;
    let imported = import_imap(filter, &mut imap, &origin(arguments), shown_on(bar)).await?;
    imap.close().await;
    Ok(imported)
}

fn url(text: &str) -> Result<ImapUrl, Failure> {
    ImapUrl::parse(text).ok_or_else(|| {
        // The text itself may hold a password.
        Failure::usage("--imap takes imaps://USER@HOST[:PORT]/MAILBOX, without a password")
    })
}

fn password(arguments: &Arguments, url: &ImapUrl) -> Result<String, Failure> {
    if let Some(path) = &arguments.password_file {
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::new(Exit::NoInput, format!("cannot read {}: {error}", path.display())))?;
        return Ok(text.lines().next().unwrap_or_default().to_owned());
    }
    if let Ok(password) = std::env::var(PASSWORD) {
        return Ok(password);
    }
    let term = Term::stderr();
    if !term.is_term() {
        return Err(Failure::usage(format!("no password: name a file by --password-file, or set {PASSWORD}")));
    }
    term.write_str(&format!("Password of {} at {}: ", url.user, url.host))?;
    Ok(term.read_secure_line()?)
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
