//! Letters whose sending ends in every possible way: each message is told of once to each of its recipients.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::*;
use crate::mail::{Category, Domain};
use crate::quarantine::{DigestSettings, Settings};

const NOW: Moment = Moment(1_700_000_000_000);

/// What the server does with the last line of a message.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Takes,
    HangsUp,
    Refuses,
}

/// A store, and a server that gets the letters.
struct World {
    state: tempfile::TempDir,
    settings: Settings,
    organisation: Organisation,
    end: Arc<Mutex<End>>,
    /// Each letter that the server got whole.
    got: Arc<Mutex<Vec<String>>>,
}

impl World {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let release_to = listener.local_addr().expect("bound").to_string();
        let (end, got) = (Arc::new(Mutex::new(End::Takes)), Arc::default());
        let (mood, gets) = (Arc::clone(&end), Arc::clone(&got));
        thread::spawn(move || listener.incoming().flatten().for_each(|stream| serve(stream, &mood, &gets)));
        let digest = DigestSettings { base_url: "https://mail.own.example".into(), ..DigestSettings::default() };
        let domains = vec![Domain::parse("own.example").expect("valid")];
        Self {
            state: tempfile::tempdir().expect("a directory"),
            settings: Settings { release_to, digest, ..Settings::default() },
            organisation: Organisation { domains, ..Organisation::default() },
            end,
            got,
        }
    }

    fn folder(&self) -> Folder {
        Folder::of(self.state.path())
    }

    /// Does something with what tells recipients.
    fn with<T>(&self, act: impl FnOnce(&Digests<'_>) -> T) -> T {
        let (folder, key) = (self.folder(), SealKey::open(self.state.path()).expect("a key"));
        act(&Digests { folder: &folder, key: &key, settings: &self.settings, organisation: &self.organisation })
    }

    fn hold(&self, number: u128, category: Category, recipients: &[&str]) -> DecisionId {
        let recipients = recipients.iter().map(|text| Address::parse(text).expect("valid")).collect();
        let (id, content) = (DecisionId::new(NOW, number), b"Subject: x\r\n\r\nx\r\n");
        let sha256 = hex(&sha256(content));
        let subject = Some(format!("number {number}"));
        let held = Held { id, recipients, subject, category: Some(category), sha256, ..Held::default() };
        self.folder().put(&held, content).expect("room");
        id
    }

    /// For whom letters are due, and how many messages each tells of.
    fn due(&self) -> Vec<(String, usize)> {
        let letters = self.with(|digests| digests.due(NOW)).expect("readable");
        letters.iter().map(|letter| (letter.to.to_string(), letter.told.len())).collect()
    }

    fn send(&self) -> Sent {
        self.with(|digests| digests.send(NOW)).expect("writable")
    }

    fn set(&self, end: End) {
        *self.end.lock().expect("whole") = end;
    }

    fn got(&self) -> Vec<String> {
        self.got.lock().expect("whole").clone()
    }
}

fn serve(stream: TcpStream, end: &Mutex<End>, got: &Mutex<Vec<String>>) {
    let mut out = stream.try_clone().expect("a socket");
    let (mut lines, mut line) = (BufReader::new(stream), String::new());
    let mut say = |text: &str| out.write_all(format!("{text}\r\n").as_bytes()).unwrap_or_default();
    say("220 mx");
    while lines.read_line(&mut line).unwrap_or(0) > 0 {
        if line.starts_with("DATA") {
            say("354 go");
            let mut raw = Vec::new();
            while !raw.ends_with(b"\r\n.\r\n") {
                assert!(lines.read_until(b'\n', &mut raw).expect("open") > 0);
            }
            let end = *end.lock().expect("whole");
            if end != End::Refuses {
                got.lock().expect("whole").push(String::from_utf8_lossy(&raw).into_owned());
            }
            match end {
                End::Takes => say("250 queued as Q1"),
                End::Refuses => say("450 not now"),
                End::HangsUp => return,
            }
        } else {
            say("250 yes");
        }
        line.clear();
    }
}

#[test]
fn each_of_ones_own_is_told_once_of_what_he_was_not_told() {
    let world = World::new();
    world.hold(1, Category::Spam, &["ann@own.example", "Bob@own.example", "cay@elsewhere.example"]);
    world.hold(2, Category::Malware, &["bob@own.example", "postmaster@own.example"]);
    let due = [("ann@own.example".to_owned(), 1), ("Bob@own.example".to_owned(), 2)];
    assert_eq!(world.due(), due);
    assert_eq!(world.send(), Sent { letters: 2, ..Sent::default() });
    assert_eq!((world.due(), world.send()), (Vec::new(), Sent::default()));
    let got = world.got();
    assert!(got[0].contains("To: <ann@own.example>") && got[0].contains("X-Kith-Seal: v2 "), "{}", got[0]);
    let links = |letter: &str| letter.matches("https://mail.own.example/held/").count();
    assert_eq!((links(&got[0]), links(&got[1])), (1, 1), "malware is not offered");
    world.hold(3, Category::Spam, &["ann@own.example"]);
    assert_eq!(world.due(), [("ann@own.example".to_owned(), 1)], "of the new one alone");
}

#[test]
fn what_was_let_go_or_removed_or_left_out_is_not_told() {
    let mut world = World::new();
    let id = world.hold(1, Category::Spam, &["ann@own.example"]);
    world.folder().remove(id, "eve", What::Deleted, NOW).expect("writable");
    world.hold(2, Category::Spam, &["bob@own.example"]);
    assert_eq!(world.due(), [("bob@own.example".to_owned(), 1)]);
    world.settings.digest.except.push("bob@own.example".to_owned());
    assert_eq!(world.due(), []);
    world.settings.digest.except.clear();
    world.organisation.domains.clear();
    assert_eq!(world.due(), [], "nobody outside is told");
}

#[test]
fn what_is_beyond_a_limit_is_told_the_next_time() {
    let mut world = World::new();
    (world.settings.digest.messages_max, world.settings.digest.letters_max) = (2, 1);
    for number in 1..=3 {
        world.hold(number, Category::Spam, &["ann@own.example"]);
    }
    world.hold(4, Category::Spam, &["bob@own.example"]);
    for expected in [("ann@own.example", 2), ("ann@own.example", 1), ("bob@own.example", 1)] {
        assert_eq!(world.due(), [(expected.0.to_owned(), expected.1)]);
        assert_eq!(world.send().letters, 1);
    }
    assert_eq!(world.due(), []);
}

/// The process ends behind each step between deciding to write a letter and its being handed over.
#[test]
fn a_process_that_ends_anywhere_repeats_and_forgets_nothing() {
    for steps in 0..=2 {
        let world = World::new();
        world.hold(1, Category::Spam, &["ann@own.example"]);
        let letter = world.with(|digests| digests.due(NOW)).expect("readable").remove(0);
        if steps >= 1 {
            world.folder().letters().put(&letter.held, &letter.message).expect("room");
        }
        if steps >= 2 {
            world.with(|digests| digests.mark(&letter.held, NOW)).expect("room");
        }
        assert_eq!(world.send().letters, 1, "{steps}");
        assert_eq!((world.send(), world.due(), world.got().len()), (Sent::default(), Vec::new(), 1), "{steps}");
        let ids: Vec<_> = world.got().iter().map(|got| got.contains(&letter.id.to_string())).collect();
        assert_eq!(ids, [steps > 0], "{steps}: the letter that was begun is the one that is sent");
    }
}

#[test]
fn a_letter_that_the_server_does_not_take_is_tried_again() {
    let world = World::new();
    world.hold(1, Category::Spam, &["ann@own.example"]);
    world.set(End::Refuses);
    assert_eq!((world.send().refused.len(), world.due()), (1, Vec::new()));
    world.set(End::Takes);
    let finished = world.with(|digests| digests.finish(NOW)).expect("writable");
    assert_eq!((finished.letters, world.got().len()), (1, 1));
}

#[test]
fn of_a_letter_without_an_answer_no_second_copy_counts() {
    let world = World::new();
    world.hold(1, Category::Spam, &["ann@own.example"]);
    world.set(End::HangsUp);
    assert_eq!(world.send().doubtful.len(), 1);
    world.set(End::Takes);
    assert_eq!(world.send().letters, 1, "its token did not pass here, and does not count any more");
    let mut world = World::new();
    world.settings.release_passes_kith = false;
    world.hold(1, Category::Spam, &["ann@own.example"]);
    world.set(End::HangsUp);
    assert_eq!(world.send().doubtful.len(), 1);
    world.set(End::Takes);
    assert_eq!((world.send().doubtful.len(), world.got().len()), (1, 1), "nobody knows, so it is not repeated");
}

#[test]
fn one_process_sends_at_a_time_and_remembers_for_when() {
    let world = World::new();
    let lock = locked(&world.folder().letters()).expect("free");
    assert!(matches!(world.with(|digests| digests.send(NOW)), Err(Undone::Busy)));
    drop(lock);
    world.with(|digests| {
        assert_eq!(digests.sent_for().expect("readable"), None);
        digests.was_sent_for(NOW).expect("writable");
        assert_eq!(digests.sent_for().expect("readable"), Some(NOW));
    });
}
