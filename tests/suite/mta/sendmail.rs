//! A private Sendmail: unpacked, not installed, since Debian's package and Postfix's exclude each other. Needs root,
//! m4, and the packages that `tests/run.sh` has unpacked into the cache.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use super::sink::Sink;
use super::{cache, end, free_port, leashed, open_folder, run, set_mode, until};

/// A running Sendmail that relays all mail to a sink; it ends when dropped.
pub struct Sendmail {
    folder: tempfile::TempDir,
    port: u16,
    daemon: Child,
}

/// A message in the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    /// Queue id.
    pub id: String,
    /// Why it is in quarantine; `None` where it is not.
    pub quarantined: Option<String>,
    /// Envelope sender.
    pub sender: String,
    /// Envelope recipients.
    pub recipients: Vec<String>,
}

impl Sendmail {
    /// Starts with a milter (in either spelling; empty for none) and further lines for the m4 configuration.
    pub fn start(sink: &Sink, milter: &str, lines: &[&str]) -> Self {
        let (folder, port) = (open_folder(), free_port());
        let base = folder.path();
        let share = unpacked().join("usr/share/sendmail/cf");
        assert!(share.is_dir(), "{} is missing: tests/run.sh unpacks Sendmail", share.display());
        fs::create_dir(base.join("queue")).expect("a new folder");
        set_mode(&base.join("queue"), 0o700);
        fs::write(base.join("service.switch"), "hosts files\naliases files\n").expect("room on disk");
        fs::write(base.join("sendmail.mc"), mc(base, &share, port, sink.port(), milter, lines)).expect("room on disk");
        let cf = run(Command::new("m4").arg(base.join("sendmail.mc")));
        fs::write(base.join("sendmail.cf"), cf.stdout).expect("room on disk");
        let daemon = daemon(base);
        let sendmail = Self { folder, port, daemon };
        until("Sendmail listens", || TcpStream::connect(("127.0.0.1", port)).ok());
        sendmail
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The SMTP conversations so far, both sides.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// What lies in its queue, read from its control files (`qf`, or `hf` in quarantine).
    pub fn queue(&self) -> Vec<Queued> {
        let entries = fs::read_dir(self.folder.path().join("queue")).expect("the queue's folder");
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut found: Vec<_> = names.filter_map(|name| self.queued(&name)).collect();
        found.sort_by(|one, other| one.id.cmp(&other.id));
        found
    }

    /// What lies in its quarantine.
    pub fn held(&self) -> Vec<Queued> {
        self.queue().into_iter().filter(|queued| queued.quarantined.is_some()).collect()
    }

    /// The control file of a message in quarantine: its envelope and header fields, in Sendmail's own form.
    pub fn control(&self, id: &str) -> String {
        let file = self.folder.path().join("queue").join(format!("hf{id}"));
        String::from_utf8_lossy(&fs::read(file).expect("it is in quarantine")).into_owned()
    }

    /// Takes a message out of quarantine and has it delivered.
    pub fn release(&self, id: &str) {
        run(&mut self.command(&["-Q", "-qQ", &format!("-qI{id}")]));
        self.flush();
    }

    /// Tries to deliver the whole queue now.
    pub fn flush(&self) {
        run(&mut self.command(&["-q"]));
    }

    /// What an administrator sees of the quarantine.
    pub fn mailq(&self) -> String {
        String::from_utf8_lossy(&run(&mut self.command(&["-bp", "-qQ"])).stdout).into_owned()
    }

    fn queued(&self, name: &str) -> Option<Queued> {
        let id = name.strip_prefix("qf").or_else(|| name.strip_prefix("hf"))?;
        // A message that has just been delivered has no file any more.
        let control = fs::read(self.folder.path().join("queue").join(name)).ok()?;
        let control = String::from_utf8_lossy(&control).into_owned();
        let field = |letter: char| control.lines().find_map(move |line| line.strip_prefix(letter)).map(str::to_owned);
        let bare = |address: &str| address.trim_matches(['<', '>']).to_owned();
        let recipients = control.lines().filter_map(|line| line.strip_prefix('R')?.split_once(':'));
        Some(Queued {
            id: id.to_owned(),
            quarantined: field('q'),
            sender: bare(&field('S')?),
            recipients: recipients.map(|(_, address)| bare(address)).collect(),
        })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("unshare");
        named(&mut command, self.folder.path()).args(arguments);
        command
    }
}

impl Drop for Sendmail {
    fn drop(&mut self) {
        end(&mut self.daemon);
        if std::thread::panicking() {
            eprintln!("the conversations of Sendmail:\n{}", self.log());
        }
    }
}

fn unpacked() -> PathBuf {
    cache().join("sendmail")
}

/// Has `unshare` run Sendmail with its configuration. Sendmail asks for its host's full name before it
/// reads its configuration, and sleeps a minute where there is none: so it gets a name of its own.
fn named<'a>(unshare: &'a mut Command, folder: &Path) -> &'a mut Command {
    unshare.args(["--uts", "sh", "-c", "hostname mx.kith.test; exec \"$0\" \"$@\""]);
    unshare.arg(unpacked().join("usr/libexec/sendmail/sendmail")).arg("-C").arg(folder.join("sendmail.cf"))
}

/// Starts the daemon on a leash.
fn daemon(folder: &Path) -> Child {
    let mut command = leashed(Path::new("unshare"));
    let daemon = named(&mut command, folder).args(["-bD", "-q1s", "-X"]).arg(folder.join("log"));
    daemon.spawn().expect("unshare is part of every Debian")
}

fn mc(folder: &Path, share: &Path, port: u16, sink: u16, milter: &str, lines: &[&str]) -> String {
    let (folder, share) = (folder.display(), share.display());
    let mut own = lines.join("\n");
    if !milter.is_empty() {
        own.push_str(&format!(
            "\nINPUT_MAIL_FILTER(`milter', `S={}, F=T, T=C:10s;S:60s;R:60s;E:120s')dnl",
            milter_spelling(milter)
        ));
    }
    format!(
        "include(`{share}/m4/cf.m4')dnl
OSTYPE(`linux')dnl
define(`confDOMAIN_NAME', `mx.kith.test')dnl
define(`QUEUE_DIR', `{folder}/queue')dnl
define(`confPID_FILE', `{folder}/sendmail.pid')dnl
define(`STATUS_FILE', `{folder}/statistics')dnl
define(`HELP_FILE', `')dnl
define(`ALIAS_FILE', `')dnl
define(`confSERVICE_SWITCH_FILE', `{folder}/service.switch')dnl
define(`confTO_IDENT', `0s')dnl
define(`confMIN_QUEUE_AGE', `0')dnl
define(`confQUEUE_LA', `1000')dnl
define(`confREFUSE_LA', `1000')dnl
define(`SMART_HOST', `esmtp:[127.0.0.1]')dnl
define(`ESMTP_MAILER_ARGS', `TCP $h {sink}')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`promiscuous_relay')dnl
FEATURE(`nocanonify')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Port={port},Addr=127.0.0.1,Name=MTA')dnl
{own}
MAILER(`local')dnl
MAILER(`smtp')dnl
"
    )
}

/// Sendmail writes `inet:8891@127.0.0.1` where Postfix writes `inet:127.0.0.1:8891`.
fn milter_spelling(milter: &str) -> String {
    let parts: Vec<_> = milter.splitn(3, ':').collect();
    match parts.as_slice() {
        ["inet", host, port] => format!("inet:{port}@{host}"),
        _ => milter.to_owned(),
    }
}

#[test]
fn both_spellings_of_a_milter_are_understood() {
    assert_eq!(milter_spelling("inet:127.0.0.1:8891"), "inet:8891@127.0.0.1");
    assert_eq!(milter_spelling("inet:8891@127.0.0.1"), "inet:8891@127.0.0.1");
    assert_eq!(milter_spelling("unix:/run/kith.sock"), "unix:/run/kith.sock");
}
