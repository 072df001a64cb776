//! kill -9 at any moment, under load through Postfix and through Sendmail: nothing is lost, nothing duplicated, nothing held in secret.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kith::decision::{DecisionId, Verdict};
use kith::journal;

use crate::mta::postfix::Postfix;
use crate::mta::sendmail::Sendmail;
use crate::mta::sink::Sink;
use crate::mta::smtp::{Attempt, Smtp};
use crate::mta::until;
use crate::serve::Kith;

const MESSAGES: usize = 180;
const KILLS: usize = 6;
const CLIENTS: usize = 6;

/// Every fifth is one that the model of these tests holds.
fn message(number: usize) -> Vec<u8> {
    let marks = if number.is_multiple_of(5) { "!!!!!" } else { "" };
    let filler = "All of this is here so that the message is not too short.\r\n".repeat(number % 40);
    format!(
        "From: Ann <ann@sender.example>\r\nTo: bob@kith.test\r\nSubject: number-{number}-{marks}\r\n\
         Message-ID: <{number}@sender.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\n{filler}Regards\r\n"
    )
    .into_bytes()
}

/// The number in a subject `number-N-`.
fn number_in(text: &str) -> usize {
    let number = text.split("number-").nth(1).and_then(|rest| rest.split('-').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no number in {text}"))
}

/// Attempts that failed.
#[derive(Default)]
struct Failed {
    /// By a refusal for now.
    refused: AtomicUsize,
    /// Without an answer, so that nobody knows whether they left a copy.
    unanswered: AtomicUsize,
}

/// Sends one message as a real host does: again, until somebody answers for it.
fn deliver(port: u16, number: usize, failed: &Failed) {
    let message = message(number);
    loop {
        match Smtp::attempt(port, "ann@sender.example", "bob@kith.test", &message) {
            Attempt::Acknowledged => return,
            Attempt::Unanswered => failed.unanswered.fetch_add(1, Ordering::Relaxed),
            Attempt::Refused => failed.refused.fetch_add(1, Ordering::Relaxed),
        };
        // A host waits before it tries again.
        thread::sleep(Duration::from_millis(30));
    }
}

/// A small generator (xorshift) is enough to choose moments.
pub struct Chance(u64);

impl Chance {
    /// Of a seed that is printed.
    pub fn of_now() -> Self {
        let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.subsec_nanos().max(1));
        println!("seed {seed}");
        Self(u64::from(seed))
    }

    /// A number below the limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// How often each message was found, delivered and held together.
fn copies(found: impl Iterator<Item = usize>) -> HashMap<usize, usize> {
    found.fold(HashMap::new(), |mut copies, number| {
        *copies.entry(number).or_default() += 1;
        copies
    })
}

/// An MTA whose filter is killed.
trait Mta {
    fn port(&self) -> u16;
    /// Whether everything in its queue is held.
    fn is_done(&self) -> bool;
    /// What is held: the decision that the MTA names for it, and the text in which its subject stands.
    fn held(&self) -> Vec<(DecisionId, String)>;
}

impl Mta for Postfix {
    fn port(&self) -> u16 {
        self.port()
    }

    fn is_done(&self) -> bool {
        self.queue().iter().all(|queued| queued.folder == "hold")
    }

    fn held(&self) -> Vec<(DecisionId, String)> {
        let contents = self.held().into_iter().map(|queued| self.content(&queued.id));
        contents.map(|content| (id_after(&content, "X-Kith-ID: "), content)).collect()
    }
}

impl Mta for Sendmail {
    fn port(&self) -> u16 {
        self.port()
    }

    fn is_done(&self) -> bool {
        self.queue().iter().all(|queued| queued.quarantined.is_some())
    }

    fn held(&self) -> Vec<(DecisionId, String)> {
        let held = self.held().into_iter();
        held.map(|queued| {
            let reason = queued.quarantined.unwrap_or_default();
            (id_after(&reason, "kith "), self.control(&queued.id))
        })
        .collect()
    }
}

/// The decision's id after these words.
fn id_after(text: &str, words: &str) -> DecisionId {
    let id = text.split(words).nth(1).and_then(|rest| rest.get(..26)).and_then(DecisionId::parse);
    id.unwrap_or_else(|| panic!("no id in {text}"))
}

/// The number of a held message; its decision must be written down as a hold.
fn held_number(kith: &Kith, id: DecisionId, text: &str) -> usize {
    let entry = journal::find(&kith.state().join(journal::FOLDER), id).expect("a readable journal");
    let entry = entry.unwrap_or_else(|| panic!("held without an entry: {text}"));
    let number = number_in(text);
    assert_eq!((entry.action, entry.subject.as_deref().map(number_in)), (Verdict::Hold, Some(number)));
    number
}

fn check(start: impl FnOnce(&Sink, &str) -> Box<dyn Mta>) {
    let mut chance = Chance::of_now();
    let mut kith = Kith::start("");
    let sink = Sink::start();
    let mta = start(&sink, &kith.milter());
    let (port, next, done) = (mta.port(), AtomicUsize::new(0), AtomicUsize::new(0));
    let failed = Failed::default();
    thread::scope(|scope| {
        let client = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= MESSAGES {
                    return;
                }
                deliver(port, number, &failed);
                done.fetch_add(1, Ordering::Relaxed);
            }
        };
        for _ in 0..CLIENTS {
            scope.spawn(client);
        }
        for kill in 0..KILLS {
            let due = kill * MESSAGES / (KILLS + 1);
            until("the clients get on", || (done.load(Ordering::Relaxed) >= due).then_some(()));
            thread::sleep(Duration::from_micros(chance.below(60_000)));
            kith.kill();
            kith.restart();
        }
    });
    until("all mail has arrived", || mta.is_done().then_some(()));
    let held: Vec<usize> = mta.held().iter().map(|(id, text)| held_number(&kith, *id, text)).collect();
    let delivered: Vec<usize> = sink.delivered().iter().map(|one| number_in(&one.header("Subject").concat())).collect();
    assert!(held.iter().all(|number| number.is_multiple_of(5)) && !delivered.iter().any(|n| n.is_multiple_of(5)));
    let copies = copies(held.iter().chain(&delivered).copied());
    let lost: Vec<_> = (0..MESSAGES).filter(|number| !copies.contains_key(number)).collect();
    assert_eq!(lost, [0; 0], "acknowledged and gone");
    let (refused, unanswered) = (failed.refused.into_inner(), failed.unanswered.into_inner());
    assert!(refused >= KILLS, "{refused} attempts refused: the kills were not felt");
    let surplus: usize = copies.values().map(|count| count - 1).sum();
    assert!(surplus <= unanswered, "{surplus} copies too many, of {unanswered} attempts that nobody answered");
    let (delivered, held) = (delivered.len(), held.len());
    println!("{delivered} delivered, {held} held, {refused} refused, {unanswered} unanswered, {surplus} copies");
    assert!(!kith.log().contains("degraded"), "a kill damages no store");
    assert_eq!(kith.log().matches(" is ready").count(), KILLS + 1);
}

#[test]
fn a_filter_of_postfix_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    check(|sink, milter| Box::new(Postfix::start(sink, milter, &["milter_default_action = tempfail"])));
}

#[test]
fn a_filter_of_sendmail_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    check(|sink, milter| Box::new(Sendmail::start(sink, milter, &[])));
}
