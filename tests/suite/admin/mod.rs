//! The console of the real daemon, by real HTTP: metrics, sign-in, pages, JSON, and hostile mail.

mod accessible;
mod browser;
mod decisions;
mod figures;
mod health;
mod held;
mod hostile;
mod hostile_mails;
mod mails;
mod metrics;
mod sign_in;
pub mod visitor;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use kith::decision::{Decision, DecisionId, Reason, Verdict};
use kith::journal::{Entry, Session};
use kith::mail::{Category, Direction, Moment};

use crate::mta::{free_port, until};
use crate::serve::{KITH, Kith, prepared};
use visitor::Visitor;

/// The password of everybody in these tests.
const PASSWORD: &str = "correct horse battery";

/// A daemon with a console.
struct Console {
    kith: Kith,
    port: u16,
}

impl Console {
    /// Starts one with users of these roles, named after them, and these decisions in its journal.
    fn start(own: &str, roles: &[&str], entries: &[Entry]) -> Self {
        Self::start_with(own, roles, entries, |_| ())
    }

    /// As [`Console::start`], with what else is to be in its state folder.
    fn start_with(own: &str, roles: &[&str], entries: &[Entry], prepare: impl FnOnce(&Path)) -> Self {
        let port = free_port();
        let folder = prepared(&format!("admin.listen = \"127.0.0.1:{port}\"\n{own}\n"));
        for role in roles {
            let added = admin(folder.path(), &["user", "add", role, "--role", role], PASSWORD);
            assert_eq!(added, Ok(String::new()), "{role}");
        }
        let journal = folder.path().join("state/journal");
        std::fs::create_dir_all(&journal).expect("a new folder");
        let lines = entries.iter().map(|entry| serde_json::to_string(entry).expect("serialises") + "\n");
        std::fs::write(journal.join("journal.jsonl"), lines.collect::<String>()).expect("room on disk");
        prepare(&folder.path().join("state"));
        let kith = Kith::start_on(folder, &[]);
        kith.wait_for("console: http://127.0.0.1:", 1);
        until("the console answers", || Visitor::new(port).try_get("/style.css"));
        Self { kith, port }
    }

    /// Somebody who is not signed in.
    fn stranger(&self) -> Visitor {
        Visitor::new(self.port)
    }

    /// Somebody who is.
    #[track_caller]
    fn person(&self, name: &str) -> Visitor {
        let mut visitor = self.stranger();
        assert_eq!(visitor.sign_in(name, PASSWORD).status, 303, "{name}");
        visitor
    }

    /// Runs `kith admin` on its state.
    fn admin(&self, arguments: &[&str], input: &str) -> Result<String, String> {
        admin(self.kith.state().parent().expect("the folder"), arguments, input)
    }
}

/// Runs `kith admin` with an input: what it printed, or said of a failure.
fn admin(folder: &Path, arguments: &[&str], input: &str) -> Result<String, String> {
    let mut command = Command::new(KITH);
    command.arg("admin").args(arguments).arg("--config").arg(folder.join("kith.toml"));
    command.arg("--state").arg(folder.join("state"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let written = child.stdin.take().expect("a pipe").write_all(format!("{input}\n").as_bytes());
    // A command that needs no input may have ended by now.
    drop(written);
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// A decision as the path writes it down.
fn entry(number: i64) -> Entry {
    let at = Moment(1_790_000_000_000 + number * 1_000);
    let reason =
        |name: &str, contribution| Reason { name: name.into(), because: format!("{name} in words"), contribution };
    let decision = Decision {
        verdict: if number % 10 == 0 { Verdict::Hold } else { Verdict::Accept },
        action: Verdict::Accept,
        category: (number % 10 == 0).then_some(Category::InvoiceFraud),
        score: Some(1.5),
        base: -2.0,
        threshold: 4.6,
        reasons: vec![reason("reply_to_differs", 4.0), reason("first_message_from_sender", -0.5)],
        gaps: Vec::new(),
    };
    Entry {
        queue_id: Some(format!("4Q{number}")),
        envelope: Session {
            sender: Some(format!("sender{number}@partner.example")),
            recipients: vec![format!("own{}@kith.test", number % 3)],
            recipient_count: 1,
            ..Session::default()
        },
        author: Some(format!("Author{number}@partner.example")),
        subject: Some(format!("Invoice {number}.")),
        direction: Some(Direction::Inbound),
        ..Entry::new(DecisionId::new(at, number.unsigned_abs().into()), at, &decision)
    }
}
