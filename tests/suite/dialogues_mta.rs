//! Every conversation file's SMTP part, through real Postfix and real Sendmail.

use std::sync::Arc;

use kith::milter::{Handle, Server, Settings};
use tokio::runtime::Runtime;

use crate::dialogue::{Dialogue, Outcome, Script, SmtpLine};
use crate::mta::postfix::Postfix;
use crate::mta::sendmail::Sendmail;
use crate::mta::sink::{Delivered, Sink};
use crate::mta::smtp::Smtp;
use crate::mta::until;

/// What a run needs to know of an MTA.
struct Mta {
    name: &'static str,
    port: u16,
    /// How many messages lie in its quarantine.
    held: Box<dyn Fn() -> usize>,
    /// How many wait for delivery.
    waiting: Box<dyn Fn() -> usize>,
}

/// A milter whose script is swapped for each conversation. An MTA opens a connection for each SMTP session, so that a
/// session begins with the script of its own.
struct Stage {
    runtime: Runtime,
    listen: Vec<String>,
    handle: Handle<Script>,
}

impl Stage {
    fn open(first: &Dialogue) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let listen = vec!["inet:127.0.0.1:0".to_owned()];
        let server = {
            let _entered = runtime.enter();
            Server::bind(Settings { listen, ..Settings::default() }, first.script()).expect("listens")
        };
        let listen = vec![server.endpoints().remove(0).to_string()];
        let handle = server.handle();
        runtime.spawn(server.serve(std::future::pending()));
        Self { runtime, listen, handle }
    }

    fn play(&self, dialogue: &Dialogue) -> Arc<Script> {
        let script = dialogue.script();
        let settings = Settings { listen: self.listen.clone(), ..dialogue.settings.clone() };
        self.handle.reload(settings, Arc::clone(&script));
        script
    }
}

/// The client's side of the conversation.
fn converse(place: &str, port: u16, lines: &[SmtpLine]) {
    let mut smtp = Smtp::dial(port);
    for line in lines {
        match line {
            SmtpLine::Client(said) => smtp.write(format!("{said}\r\n").as_bytes()),
            SmtpLine::Server(expected) => {
                let answer = smtp.answer();
                let last = format!("{} {}", answer.code, answer.lines.last().map_or("", String::as_str));
                assert!(last.starts_with(expected.as_str()), "{place}: {last:?}, not {expected:?}");
            }
        }
    }
}

/// A delivered message with its envelope's sender above it, line ends LF, a line end in front.
fn text(delivered: &Delivered) -> String {
    format!("\nReturn-Path: <{}>\n{}", delivered.sender, delivered.message.replace("\r\n", "\n"))
}

/// Whether what has been delivered since is what the conversation file wants; the first thing that is amiss.
fn amiss(outcomes: &[Outcome], delivered: &[Delivered]) -> Option<String> {
    let is_to = |address: &String| delivered.iter().any(|one| one.recipients.contains(address));
    let is_kept = |outcome: &&Outcome| match outcome {
        Outcome::Contains(part) => delivered.iter().all(|one| text(one).contains(part)),
        Outcome::Lacks(part) => !delivered.iter().any(|one| text(one).contains(part)),
        Outcome::To(address) => is_to(address),
        Outcome::Held | Outcome::Nothing => true,
    };
    outcomes
        .iter()
        .find(|outcome| !is_kept(outcome))
        .map(|outcome| format!("{outcome:?}:\n{}", delivered.iter().map(text).collect::<String>()))
}

/// Runs one conversation and waits for what becomes of its messages.
fn check(mta: &Mta, stage: &Stage, sink: &Sink, dialogue: &Dialogue) {
    let Some(smtp) = &dialogue.smtp else { return };
    let place = format!("{} through {}", dialogue.name, mta.name);
    let (sent_before, held_before) = (sink.delivered().len(), (mta.held)());
    let script = stage.play(dialogue);
    converse(&place, mta.port, &smtp.lines);
    if smtp.outcomes.contains(&Outcome::Held) {
        until(&format!("{place}: held"), || ((mta.held)() == held_before + 1).then_some(()));
    }
    if smtp.outcomes.iter().any(|outcome| !matches!(outcome, Outcome::Held | Outcome::Nothing)) {
        until(&format!("{place}: delivered"), || (sink.delivered().len() > sent_before).then_some(()));
        // Recipients of one message may come in several deliveries.
        until(&format!("{place}: the queue is empty"), || ((mta.waiting)() == 0).then_some(()));
    } else {
        assert_eq!((mta.waiting)(), 0, "{place}: nothing may be delivered");
        assert_eq!(sink.delivered().len(), sent_before, "{place}");
    }
    let held = usize::from(smtp.outcomes.contains(&Outcome::Held));
    assert_eq!((mta.held)(), held_before + held, "{place}: held");
    let amiss = amiss(&smtp.outcomes, &sink.delivered()[sent_before..]);
    assert_eq!(amiss, None, "{place}");
    let seen = script.seen.lock().expect("no panic");
    assert!(seen.iter().all(|one| one.envelope.queue_id.is_some() && one.envelope.client.is_some()), "{place}");
}

fn check_all(start: impl FnOnce(&Sink, &str) -> Mta) {
    let sink = Sink::start();
    let dialogues: Vec<_> = Dialogue::all().into_iter().filter(|dialogue| dialogue.smtp.is_some()).collect();
    assert!(dialogues.len() >= 15, "{} conversations", dialogues.len());
    let stage = Stage::open(&dialogues[0]);
    let mta = start(&sink, &stage.listen[0]);
    for dialogue in &dialogues {
        check(&mta, &stage, &sink, dialogue);
    }
    stage.runtime.shutdown_background();
}

#[test]
fn every_dialogue_holds_through_postfix() {
    check_all(|sink, milter| {
        let postfix = Arc::new(Postfix::start(sink, milter, &[]));
        let other = Arc::clone(&postfix);
        Mta {
            name: "Postfix",
            port: postfix.port(),
            held: Box::new(move || postfix.held().len()),
            waiting: Box::new(move || other.queue().iter().filter(|queued| queued.folder != "hold").count()),
        }
    });
}

#[test]
fn every_dialogue_holds_through_sendmail() {
    check_all(|sink, milter| {
        let sendmail = Arc::new(Sendmail::start(sink, milter, &[]));
        let other = Arc::clone(&sendmail);
        Mta {
            name: "Sendmail",
            port: sendmail.port(),
            held: Box::new(move || sendmail.held().len()),
            waiting: Box::new(move || other.queue().iter().filter(|queued| queued.quarantined.is_none()).count()),
        }
    });
}
