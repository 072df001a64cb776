//! Releases that end in every possible way: to each recipient once, as far as SMTP can tell.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use super::*;
use crate::decision::{Decision, Verdict};
use crate::lines::Lines;
use crate::mail::Envelope;
use crate::quarantine::{Held, Identity, Sealing, Store, unseal};

const NOW: Moment = Moment(1_700_000_000_000);
const MAIL: &[u8] = b"Message-ID: <1@x.example>\r\nFrom: a@x.example\r\n\r\nText\r\n";
const BOTH: [&str; 2] = ["a@own.example", "b@own.example"];

fn to(texts: &[&str]) -> Vec<Address> {
    texts.iter().map(|text| Address::parse(text).expect("valid")).collect()
}

fn id() -> DecisionId {
    DecisionId::new(NOW, 1)
}

/// What the server does with the last line of a message.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Takes,
    HangsUp,
    Refuses,
}

/// The recipients and the content of a message.
type Got = (Vec<Address>, Vec<u8>);

/// A state folder with a held message, and a server that gets what is released.
struct World {
    state: tempfile::TempDir,
    store: Arc<Store>,
    settings: Settings,
    end: Arc<Mutex<End>>,
    /// The recipients and the content of each message that the server got whole.
    got: Arc<Mutex<Vec<Got>>>,
}

impl World {
    fn new() -> Self {
        let state = tempfile::tempdir().expect("a directory");
        let store = Arc::new(Store::open(state.path()).expect("opens"));
        let decision = Decision {
            verdict: Verdict::Hold,
            action: Verdict::Hold,
            category: None,
            score: None,
            base: 0.0,
            threshold: 0.0,
            reasons: Vec::new(),
            gaps: Vec::new(),
        };
        let envelope = Envelope { recipients: to(&BOTH), ..Envelope::default() };
        let identity = Identity::new(None, MAIL);
        let held = Held::new(id(), &decision, &envelope, &identity, MAIL);
        let claim = store.keep(held, &identity, MAIL, &Settings::default(), NOW).expect("kept");
        claim.heard();
        claim.write_down();
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let release_to = listener.local_addr().expect("bound").to_string();
        let (end, got) = (Arc::new(Mutex::new(End::Takes)), Arc::default());
        let (mood, gets) = (Arc::clone(&end), Arc::clone(&got));
        thread::spawn(move || listener.incoming().flatten().for_each(|stream| serve(stream, &mood, &gets)));
        Self { state, store, settings: Settings { release_to, ..Settings::default() }, end, got }
    }

    fn release(&self, recipients: &[&str], again: bool) -> Result<Released, Unreleased> {
        let folder = Folder::of(self.state.path());
        let key = SealKey::open(self.state.path()).expect("a key");
        let release = Release { folder: &folder, key: &key, settings: &self.settings, who: "ann", again };
        release.run(id(), &to(recipients), NOW)
    }

    /// The token of the last message that came, whatever its recipients.
    fn last(&self) -> (Vec<Address>, Vec<u8>) {
        self.got.lock().expect("whole").last().expect("one came").clone()
    }

    /// What the filter does with the last message that came: whether it passes.
    fn passes(&self) -> bool {
        let (recipients, raw) = self.last();
        let key = SealKey::open(self.state.path()).expect("a key");
        match unseal(&key, &raw, &recipients, NOW, &self.settings) {
            Sealing::Permitted(id, token) => {
                let open = self.store.is_open(id, &token, &recipients).expect("readable");
                let passed = self.store.pass(id, &token, &recipients, Some("Q1".into()), NOW).expect("writable");
                assert_eq!(open, passed);
                if passed {
                    self.store.passed(id, &token, &recipients, true, NOW).expect("writable");
                }
                passed
            }
            other => panic!("{other:?}"),
        }
    }

    fn got(&self) -> usize {
        self.got.lock().expect("whole").len()
    }

    fn set(&self, end: End) {
        *self.end.lock().expect("whole") = end;
    }
}

fn serve(stream: std::net::TcpStream, end: &Mutex<End>, got: &Mutex<Vec<Got>>) {
    let mut out = stream.try_clone().expect("a socket");
    let (mut lines, mut line, mut recipients) = (BufReader::new(stream), String::new(), Vec::new());
    let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).unwrap_or_default();
    say("220 mx");
    while lines.read_line(&mut line).unwrap_or(0) > 0 {
        if line.starts_with("RCPT") {
            recipients.extend(line.split(['<', '>']).nth(1).and_then(Address::parse));
        }
        if line.starts_with("DATA") {
            say("354 go");
            let mut raw = Vec::new();
            while !raw.ends_with(b"\r\n.\r\n") {
                assert!(lines.read_until(b'\n', &mut raw).expect("open") > 0);
            }
            raw.truncate(raw.len() - 3);
            match *end.lock().expect("whole") {
                End::Takes => say("250 queued as Q1"),
                End::Refuses => say("550 no"),
                End::HangsUp => {}
            }
            let end = *end.lock().expect("whole");
            if end != End::Refuses {
                got.lock().expect("whole").push((recipients.clone(), raw));
            }
            if end == End::HangsUp {
                return;
            }
        } else {
            say("250 ok");
        }
        line.clear();
    }
}

fn released(recipients: &[&str]) -> Released {
    Released { released: to(recipients), ..Released::default() }
}

#[test]
fn a_message_is_released_once_to_each() {
    let world = World::new();
    assert_eq!(world.release(&BOTH[1..], false).expect("released"), released(&BOTH[1..]));
    assert_eq!(world.last().0, to(&BOTH[1..]));
    assert!(world.passes());
    assert!(!world.passes(), "a token counts once");
    assert_eq!(
        world.release(&[], false).expect("released"),
        Released { before: to(&BOTH[1..]), ..released(&BOTH[..1]) }
    );
    let before = world.release(&[], false).expect("nothing to do");
    assert_eq!((before.before, world.got()), (to(&BOTH), 2));
    let (_, raw) = world.last();
    assert!(raw.ends_with(MAIL) && raw.starts_with(b"X-Kith-Seal: v2 "));
    assert_eq!(world.release(&[], true).expect("again").released.len(), 2);
}

#[test]
fn what_the_server_refuses_stays_held() {
    let world = World::new();
    world.set(End::Refuses);
    let refused = world.release(&[], false).expect("written down").refused;
    assert!(refused.len() == 2 && refused[0].1 == "550 no", "{refused:?}");
    world.set(End::Takes);
    assert_eq!(world.release(&[], false).expect("released"), released(&BOTH));
}

#[test]
fn an_answer_that_was_not_heard_is_no_second_delivery_where_the_message_came_through() {
    let world = World::new();
    world.set(End::HangsUp);
    let lost = world.release(&BOTH[..1], false).expect("written down");
    assert_eq!((lost.released.len(), lost.doubtful.len()), (0, 1));
    assert!(world.passes(), "the MTA has it, and asks Kith");
    world.set(End::Takes);
    assert_eq!(world.release(&BOTH[..1], false).expect("finished"), released(&BOTH[..1]));
    assert_eq!(world.got(), 1);
}

#[test]
fn an_answer_that_was_not_heard_is_repeated_where_nothing_came_through() {
    let world = World::new();
    world.set(End::HangsUp);
    assert_eq!(world.release(&[], false).expect("written down").doubtful.len(), 2);
    let early = world.last();
    world.set(End::Takes);
    assert_eq!(world.release(&[], false).expect("repeated"), released(&BOTH));
    assert!(world.passes());
    world.got.lock().expect("whole").push(early);
    assert!(!world.passes(), "the token of the first attempt counts no longer");
}

#[test]
fn where_nothing_passes_kith_a_person_decides_on_what_was_not_answered() {
    let mut world = World::new();
    world.settings.release_passes_kith = false;
    world.set(End::HangsUp);
    assert_eq!(world.release(&[], false).expect("written down").doubtful.len(), 2);
    world.set(End::Takes);
    assert_eq!(world.release(&[], false).expect("looked").doubtful.len(), 2);
    assert_eq!(world.got(), 1);
    assert_eq!(world.release(&[], true).expect("repeated"), released(&BOTH));
}

/// Ends a release after its first events, as a kill would, and releases again.
#[test]
fn a_release_that_is_killed_anywhere_is_finished_by_the_next() {
    let events = |upto: usize| {
        let world = World::new();
        assert_eq!(world.release(&[], false).expect("released"), released(&BOTH));
        assert!(world.passes());
        let path = world.state.path().join("quarantine").join(format!("{}.events", id()));
        let all = crate::lines::read::<Event>(&path).expect("readable");
        let order = |what: &What| match what {
            What::Releasing { .. } => 0,
            What::HandingOver { .. } => 1,
            What::Passed { .. } => 2,
            What::Heard { .. } => 3,
            _ => 4,
        };
        std::fs::remove_file(&path).expect("there");
        let mut written = Lines::open(&path).expect("made");
        for event in all.iter().filter(|event| order(&event.what) < upto) {
            written.append(event).expect("room");
        }
        world
    };
    for upto in 0..=4 {
        let world = events(upto);
        if upto == 3 {
            // Kith and the release ended between the token's use and Kith's answer: the MTA may have either.
            assert_eq!(world.release(&[], false).expect("looked").doubtful.len(), 2);
            assert_eq!(world.got(), 1);
            continue;
        }
        assert_eq!(world.release(&[], false).expect("released"), released(&BOTH), "{upto}");
        assert_eq!(world.got(), if upto > 3 { 1 } else { 2 }, "{upto}");
        assert_eq!(world.release(&[], false).expect("nothing to do").before, to(&BOTH), "{upto}");
    }
}

#[test]
fn what_cannot_be_released_is_told() {
    let world = World::new();
    let stranger = world.release(&["c@own.example"], false);
    assert!(matches!(stranger, Err(Unreleased::NoRecipient(_))), "{stranger:?}");
    let folder = Folder::of(world.state.path());
    let lock = folder.lock(id()).expect("there");
    assert!(matches!(world.release(&[], false), Err(Unreleased::Busy)));
    drop(lock);
    let (mail, new) = (format!("{}.mail", id()), format!("{}.new", id()));
    std::fs::rename(folder.path().join(&mail), folder.path().join(&new)).expect("there");
    assert!(matches!(world.release(&[], false), Err(Unreleased::Unheard)));
    assert_eq!(world.release(&[], true).expect("a person says so"), released(&BOTH));
    assert!(folder.remove(id(), "ann", What::Deleted, NOW).expect("removed"));
    assert!(matches!(world.release(&[], false), Err(Unreleased::Missing)));
}
