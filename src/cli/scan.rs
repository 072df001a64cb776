//! `kith scan`: the same filter, on messages at rest.

use std::io::Write;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use clap::Args;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{Common, Exit, Failure};
use crate::auth::Trust;
use crate::filter::{Filter, Judged, Origin};
use crate::mail::Address;
use crate::mailbox::{self, Stored};

mod ordered;

/// Judge messages at rest: files, folders, Maildirs, mbox files (plain or .zst), or - for standard input
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Settings file [default: /etc/kith/kith.toml where it exists, else the built-in defaults]
    #[arg(long, short, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of baselines to compare with; without it nothing is known of who writes to whom
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// One JSON object a message and line
    #[arg(long)]
    json: bool,
    /// Where DNS is asked: off, system, or ADDR:PORT [default: as in the settings]
    #[arg(long, value_name = "RESOLVER")]
    dns: Option<String>,
    /// Address of the SMTP client that brought the messages
    #[arg(long, value_name = "IP")]
    client_ip: Option<IpAddr>,
    /// What the client said in HELO
    #[arg(long, value_name = "NAME")]
    helo: Option<String>,
    /// Reverse-path [default: Return-Path]
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Forward-path; may be repeated [default: the addresses of To and Cc]
    #[arg(long, value_name = "ADDRESS")]
    rcpt: Vec<String>,
    /// Take client and HELO from the newest Received header that names an outside host
    #[arg(long)]
    received_client: bool,
    /// Take SPF, DKIM and DMARC from the newest Authentication-Results header, or from those of the named authserv-id
    #[arg(long, value_name = "newest|NAME")]
    trust_authres: Option<String>,
    /// Let the baselines learn each message after it was judged; messages are then judged one after another
    #[arg(long, requires = "state")]
    learn: bool,
    /// What to judge
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let common = Common { config: arguments.config.clone(), state: arguments.state.clone() };
    let mut settings = common.settings()?;
    if let Some(resolver) = &arguments.dns {
        settings.auth.resolver.clone_from(resolver);
    }
    let faults = settings.auth.faults();
    if !faults.is_empty() {
        return Err(Failure::usage(faults.join("\n")));
    }
    let runtime = Runtime::new().map_err(Failure::unavailable)?;
    let _inside = runtime.enter();
    let filter = Filter::open(&settings.filter(), arguments.state.as_deref())?;
    let origin = origin(&arguments)?;
    // Learning needs the messages in their order: each is compared with those before it.
    let workers = if arguments.learn { 1 } else { thread::available_parallelism().map_or(1, usize::from) };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let judge = |stored: Result<Stored, mailbox::ReadError>| judge_one(&runtime, &filter, &origin, stored);
    let mut unread = 0_usize;
    ordered::map(workers, mailbox::read(&arguments.paths), judge, |line: Line| {
        unread += usize::from(line.unread);
        if arguments.json { writeln!(out, "{}", line.json) } else { writeln!(out, "{}", line.text) }
    })?;
    out.flush()?;
    filter.close();
    if unread > 0 {
        return Err(Failure::new(Exit::NoInput, format!("{unread} inputs could not be read; see their lines above")));
    }
    Ok(())
}

fn origin(arguments: &Arguments) -> Result<Origin, Failure> {
    let address =
        |text: &String| Address::parse(text).ok_or_else(|| Failure::usage(format!("{text:?} is not a mail address")));
    let sender = match arguments.mail_from.as_ref().filter(|text| !["", "<>"].contains(&text.as_str())) {
        Some(text) => Some(address(text)?),
        None => None,
    };
    Ok(Origin {
        client: arguments.client_ip,
        helo: arguments.helo.clone(),
        null_sender: arguments.mail_from.is_some() && sender.is_none(),
        sender,
        recipients: arguments.rcpt.iter().map(address).collect::<Result<_, _>>()?,
        received_client: arguments.received_client,
        trust: arguments.trust_authres.as_deref().map(Trust::parse),
        learn: arguments.learn,
        kept: false,
    })
}

/// What is printed of one message.
struct Line {
    json: Value,
    text: String,
    unread: bool,
}

fn judge_one(runtime: &Runtime, filter: &Filter, origin: &Origin, stored: Result<Stored, mailbox::ReadError>) -> Line {
    let began = Instant::now();
    let stored = match stored {
        Ok(stored) => stored,
        Err(error) => return broken(&error.path.display().to_string(), &error.to_string(), true),
    };
    // One message that brings a fault of ours to light must not end the scan of all others.
    let judged =
        std::panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(filter.judge_stored(&stored.raw, origin))));
    match judged {
        Ok(judged) => line(&stored.path, &judged, began.elapsed().as_micros()),
        Err(_) => broken(&stored.path, "judging this message failed; please report it", false),
    }
}

fn line(path: &str, judged: &Judged, elapsed_us: u128) -> Line {
    let decision = &judged.decision;
    let reasons: Vec<_> = decision.reasons.iter().map(|reason| json!(reason)).collect();
    let json = json!({
        "path": path,
        "id": judged.id,
        "verdict": decision.verdict.name(),
        "action": decision.action.name(),
        "category": decision.category,
        "score": decision.score,
        "base": decision.base,
        "threshold": decision.threshold,
        "reasons": reasons,
        "matches": [],
        "gaps": decision.gaps,
        "elapsed_us": elapsed_us,
    });
    let score = decision.score.map_or_else(|| "unscored".to_owned(), |score| format!("{score:+.2}"));
    let strongest: Vec<_> = decision.reasons.iter().take(3).map(|reason| reason.because.as_str()).collect();
    let text = format!("{:<8} {score:>8}  {path}  {}", decision.verdict.name(), strongest.join("; "));
    Line { json, text, unread: false }
}

/// The line of an input that could not be judged: an object like the others, so that no reader of ours loses count.
fn broken(path: &str, why: &str, unread: bool) -> Line {
    let json = json!({
        "path": path, "id": null, "verdict": "accept", "action": "accept", "category": null, "score": null,
        "base": null, "threshold": null, "reasons": [], "matches": [],
        "gaps": [{"missing": "content", "why": why}], "elapsed_us": 0,
    });
    Line { json, text: format!("{:<8} {:>8}  {path}  {why}", "accept", "unread"), unread }
}
