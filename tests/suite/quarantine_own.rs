//! Kith's own quarantine through real Postfix: kept once, released once, whatever is killed, repeated, forged or full.

use std::collections::HashMap;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use kith::quarantine::SEAL_HEADER;
use serde_json::Value;

use crate::kill::Chance;
use crate::mta::postfix::Postfix;
use crate::mta::sink::{Mood, Sink};
use crate::mta::smtp::{Attempt, Sent, Smtp};
use crate::mta::until;
use crate::serve::{KITH, Kith, call, fill, on_small_disk};

/// Kith that keeps held mail itself, in front of a Postfix to which it hands over what is released.
pub struct World {
    pub kith: Kith,
    pub sink: Sink,
    pub postfix: Postfix,
}

impl World {
    pub fn start(start: impl FnOnce(&str) -> Kith, own: &str) -> Self {
        let kith = start(&format!("[quarantine]\nkeep = \"own\"\n{own}"));
        let sink = Sink::start();
        let postfix = Postfix::start(&sink, &kith.milter(), &["milter_default_action = tempfail"]);
        kith.reload(&format!("[quarantine]\nkeep = \"own\"\nrelease_to = \"127.0.0.1:{}\"\n{own}", postfix.port()));
        kith.wait_for("settings reloaded", 1);
        Self { kith, sink, postfix }
    }

    pub fn send(&self, number: usize, recipients: &[&str]) -> Sent {
        Smtp::connect(self.postfix.port()).send("ann@sender.example", recipients, &message(number))
    }

    /// What `list` says, as objects.
    pub fn list(&self, filters: &[&str]) -> Vec<Value> {
        let text = self.kith.run(&[&["quarantine", "list", "--json"], filters].concat());
        text.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
    }

    fn release(&self, arguments: &[&str]) -> String {
        self.kith.run(&[&["quarantine", "release", "--who", "eve"], arguments].concat())
    }

    /// How often each message was delivered to each recipient.
    fn delivered(&self) -> HashMap<(usize, String), usize> {
        let mut copies = HashMap::new();
        for one in self.sink.delivered() {
            for recipient in &one.recipients {
                *copies.entry((number_in(&one.header("Subject").concat()), recipient.clone())).or_default() += 1;
            }
        }
        copies
    }

    pub fn is_idle(&self) -> bool {
        self.postfix.queue().is_empty()
    }
}

/// One that the model of these tests holds.
pub fn message(number: usize) -> Vec<u8> {
    format!(
        "From: Ann <ann@sender.example>\r\nTo: bob@kith.test\r\nSubject: number-{number}-!!!!!\r\n\
         Message-ID: <{number}@sender.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nX-Kith-ID: forged\r\n\r\n\
         .\r\n..two dots\r\nRegards \u{e4}\r\n"
    )
    .into_bytes()
}

fn number_in(subject: &str) -> usize {
    let number = subject.split("number-").nth(1).and_then(|rest| rest.split('-').next());
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no number in {subject}"))
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

#[test]
fn what_is_held_is_listed_shown_and_released_once_to_each() {
    let world = World::start(Kith::start, "");
    let sent = world.send(1, &["bob@kith.test", "cay@kith.test"]);
    assert_eq!(sent.code(), 250, "the sender's host has done its part");
    let rows = until("it is heard of", || Some(world.list(&[])).filter(|rows| rows[0]["unheard"] == false));
    assert!(world.is_idle() && world.sink.delivered().is_empty());
    let row = &rows[0];
    assert_eq!((rows.len(), text(&row["state"]), text(&row["keeper"])), (1, "held", "own"));
    assert_eq!((text(&row["author"]), text(&row["subject"])), ("ann@sender.example", "number-1-!!!!!"));
    let id = text(&row["id"]);
    for (filter, found) in [
        (&["--since", "1h"][..], 1),
        (&["--category", "spam"], 1),
        (&["--category", "malware"], 0),
        (&["--sender", "ANN@"], 1),
        (&["--recipient", "cay"], 1),
        (&["--recipient", "ann"], 0),
        (&["--subject", "number-2"], 0),
        (&["--released"], 0),
        (&["--unheard"], 0),
    ] {
        assert_eq!(world.list(filter).len(), found, "{filter:?}");
    }
    let shown = world.kith.run(&["quarantine", "show", id]);
    assert!(shown.contains("cay@kith.test: held") && shown.contains("\nRegards \u{e4}\n"), "{shown}");
    let raw = world.kith.run(&["quarantine", "show", "--raw", id]);
    assert!(raw.contains(&format!("X-Kith-ID: {id}\r\n")) && !raw.contains("forged"), "{raw}");
    assert!(raw.contains("Received: from client.kith.test "), "{raw}");

    world.release(&["--to", "cay@kith.test", id]);
    let first = world.sink.wait_for(1);
    assert_eq!((first.len(), first[0].recipients.as_slice()), (1, &["cay@kith.test".to_owned()][..]));
    assert_eq!(first[0].sender, "ann@sender.example");
    assert!(first[0].message.ends_with("\r\n\r\n.\r\n..two dots\r\nRegards \u{e4}\r\n"), "{}", first[0].message);
    assert!(first[0].header(SEAL_HEADER).is_empty() && first[0].header("X-Kith-ID") == [id], "{}", first[0].message);
    assert_eq!(text(&world.list(&[])[0]["state"]), "partly released");
    world.release(&[id]);
    world.sink.wait_for(2);
    world.release(&[id]);
    assert_eq!((world.list(&[]).len(), text(&world.list(&["--released"])[0]["state"])), (0, "released"));
    until("Postfix has nothing more", || world.is_idle().then_some(()));
    assert!(world.delivered().values().all(|copies| *copies == 1) && world.delivered().len() == 2);

    let again = world.send(1, &["bob@kith.test", "cay@kith.test"]);
    assert_eq!((again.code(), world.list(&["--all"]).len()), (250, 1), "the same message is no second one");
    let log = world.kith.run(&["quarantine", "log"]);
    // That the MTA heard is written down beside what the release does.
    let lines: Vec<_> = log.lines().filter(|line| !line.contains(" was let through ")).collect();
    let words: Vec<_> = lines.iter().map(|line| line.split(' ').nth(2).unwrap_or_default()).collect();
    let attempt = ["is", "is", "passed", "released"];
    assert_eq!(words, [&["kept"], &attempt[..], &attempt[..], &["came"]].concat(), "{log}");
    assert!(lines[4].contains("to=<cay@kith.test> by=eve"), "{log}");
}

#[test]
fn what_the_rights_leave_to_others_is_not_released() {
    let world = World::start(Kith::start, "[quarantine.rights]\nrecipients = []\noperators = [\"spam\"]\n");
    assert_eq!(world.send(1, &["bob@kith.test"]).code(), 250);
    let id = until("it is kept", || Some(text(&world.list(&[]).first()?["id"]).to_owned()));
    let folder = world.kith.state().with_file_name("");
    let refused = call(&folder, &["quarantine", "release", "--as", "recipient", &id]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("leaves its release to the operator"), "{said}");
    assert_eq!((text(&world.list(&[])[0]["state"]), world.sink.delivered().len()), ("held", 0));
    world.release(&["--as", "operator", &id]);
    assert_eq!(world.sink.wait_for(1).len(), 1);
}

/// What passes Postfix by SMTP with the very bytes that a release hands over.
#[test]
fn a_token_is_good_for_one_delivery_and_no_other() {
    let world = World::start(Kith::start, "");
    assert_eq!(world.send(1, &["bob@kith.test"]).code(), 250);
    let id = until("it is kept", || Some(text(&world.list(&[]).first()?["id"]).to_owned()));
    // A server without a filter gets the message with its token, and never says so.
    let thief = Sink::start();
    thief.set_mood(Mood::Fails(451));
    let own = |port: u16| format!("[quarantine]\nkeep = \"own\"\nrelease_to = \"127.0.0.1:{port}\"\n");
    thief.set_mood(Mood::Prompt);
    world.kith.reload(&own(thief.port()));
    world.kith.wait_for("settings reloaded", 2);
    world.release(&[&id]);
    let stolen = thief.wait_for(1)[0].message.clone();
    let seal = thief.delivered()[0].header(SEAL_HEADER).concat();
    assert!(seal.starts_with(&format!("v2 {id} ")), "{seal}");
    let send = |mail: &str, to: &str| {
        Smtp::connect(world.postfix.port()).send("ann@sender.example", &[to], mail.as_bytes()).code()
    };
    for (what, mail, to) in [
        ("altered", stolen.replace("Regards", "Regrets"), "bob@kith.test"),
        ("another's subject", stolen.replace("number-1", "number-2"), "bob@kith.test"),
        ("another's recipient", stolen.clone(), "cay@kith.test"),
        ("a later end", stolen.replacen(&format!("{id} 1"), &format!("{id} 2"), 1), "bob@kith.test"),
        ("a forged tag", stolen.replacen("\r\n\t", "\r\n\t0", 1), "bob@kith.test"),
    ] {
        assert_eq!((send(&mail, to), world.sink.delivered().len()), (451, 0), "{what}");
    }
    assert_eq!(send(&stolen, "bob@kith.test"), 250);
    assert_eq!(world.sink.wait_for(1).len(), 1, "the token itself is good");
    assert_eq!(send(&stolen, "bob@kith.test"), 451);
    until("Postfix has nothing more", || world.is_idle().then_some(()));
    assert_eq!(world.sink.delivered().len(), 1, "once");
    world.kith.wait_for("does not count, or not any more", 1);
}

#[test]
fn what_cannot_be_kept_on_a_full_disk_flows_or_waits() {
    for (own, code, delivered) in [("", 250, 1), ("[journal]\nwhen_unwritable = \"tempfail\"\n", 451, 0)] {
        let world = World::start(on_small_disk, own);
        assert_eq!(world.send(1, &["bob@kith.test"]).code(), 250);
        until("it is kept", || world.kith.log().contains(" kept to=<bob@kith.test>").then_some(()));
        let filler = world.kith.inside().join("filler");
        fill(&filler);
        assert_eq!(world.send(2, &["bob@kith.test"]).code(), code, "{own}");
        world.kith.wait_for("the quarantine cannot be written: ", 1);
        let repeated = world.send(1, &["bob@kith.test"]).code();
        assert!(repeated == 250 || repeated == 451, "what is kept is never delivered, too");
        fs::remove_file(filler).expect("there");
        assert_eq!(world.send(3, &["bob@kith.test"]).code(), 250);
        until("there is room, so it is kept", || {
            (world.kith.log().matches(" kept to=<bob@kith.test>").count() == 2).then_some(())
        });
        until("Postfix has nothing more", || world.is_idle().then_some(()));
        assert_eq!(world.sink.delivered().len(), delivered, "{own}");
        assert!(!world.kith.log().contains("panicked"), "{}", world.kith.log());
    }
}

#[test]
fn what_the_mta_holds_is_listed_and_released_by_its_own_commands() {
    let kith = Kith::start("");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &["non_smtpd_milters = $smtpd_milters"]);
    let own = |name: &str, option: &str, more: &str| {
        let config = postfix.config();
        format!("mta_{name} = [\"env\", \"MAIL_CONFIG={}\", {option}{more}]\n", config.display())
    };
    let commands = [
        own("list", "\"postqueue\", \"-j\"", ""),
        own("show", "\"postcat\", \"-qbh\"", ", \"{queue_id}\""),
        own("release", "\"postsuper\", \"-r\"", ", \"{queue_id}\""),
        own("delete", "\"postsuper\", \"-d\"", ", \"{queue_id}\""),
    ];
    kith.reload(&format!("[quarantine]\n{}", commands.concat()));
    kith.wait_for("settings reloaded", 1);
    for number in 1..=2 {
        let mail = message(number);
        assert_eq!(Smtp::connect(postfix.port()).send("ann@sender.example", &["bob@kith.test"], &mail).code(), 250);
    }
    let list = |filter: &str| -> Vec<Value> {
        let text = kith.run(&["quarantine", "list", "--json", filter]);
        text.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
    };
    let rows = list("--all");
    let states: Vec<_> = rows.iter().map(|row| (text(&row["keeper"]), text(&row["state"]))).collect();
    assert_eq!(states, [("mta", "held"); 2]);
    let (first, second) = (text(&rows[0]["id"]), text(&rows[1]["id"]));
    assert!(kith.run(&["quarantine", "show", "--raw", first]).contains("number-1-"));
    kith.run(&["quarantine", "release", first]);
    kith.run(&["quarantine", "delete", second]);
    assert_eq!(sink.wait_for(1)[0].header("Subject"), ["number-1-!!!!!"]);
    until("Postfix has nothing more", || postfix.queue().is_empty().then_some(()));
    assert_eq!((sink.delivered().len(), list("--all").len()), (1, 2));
    assert!(list("--all").iter().all(|row| text(&row["state"]) == "gone"));
    let log = kith.run(&["quarantine", "log"]);
    assert!(log.contains("left to the MTA by=") && log.contains("(release)") && log.contains("(delete)"), "{log}");
    assert!(kith.run(&["label", "--list"]).contains(&format!("{first} safe ")), "who releases says that it is safe");
}

/// Sends one message as a real host does: again, until somebody answers for it.
fn deliver(port: u16, number: usize) {
    while Smtp::attempt(port, "ann@sender.example", "bob@kith.test", &message(number)) != Attempt::Acknowledged {
        thread::sleep(Duration::from_millis(30));
    }
}

/// Sends so many messages from several hosts while the filter is killed so many times.
fn deliver_all(world: &mut World, messages: usize, kills: usize, chance: &mut Chance) {
    let port = world.postfix.port();
    thread::scope(|scope| {
        let clients: Vec<_> = (0..6)
            .map(|client| scope.spawn(move || (client..messages).step_by(6).for_each(|number| deliver(port, number))))
            .collect();
        for _ in 0..kills {
            thread::sleep(Duration::from_millis(100 + chance.below(250)));
            world.kith.kill();
            world.kith.restart();
        }
        clients.into_iter().for_each(|client| client.join().expect("delivered"));
    });
}

/// Releases everything in a process that is killed at any moment.
fn release_and_kill(world: &World, after: Duration) {
    let conf = world.kith.state().with_file_name("kith.toml");
    let mut command = Command::new(KITH);
    command.args(["quarantine", "release", "--matching", "--config"]).arg(conf).arg("--state").arg(world.kith.state());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
    // It has begun when it says something.
    let out = child.stdout.take().map(|mut out| {
        let mut first = [0];
        // Nothing is said where all are released.
        let _ = std::io::Read::read(&mut out, &mut first);
        out
    });
    thread::sleep(after);
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().expect("a child");
    drop(out);
}

/// Releases what is left, and does what a person does of whose release nobody knows: looks whether it was delivered. How
/// many of those were.
fn settle(world: &World, rows: &[Value]) -> usize {
    let folder = world.kith.state().with_file_name("");
    let mut deleted = 0;
    until("all are released", || {
        let output = call(&folder, &["quarantine", "release", "--matching"]);
        if output.status.success() {
            return Some(());
        }
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        for id in said.lines().filter(|line| line.contains("nobody knows")).filter_map(|line| line.get(..26)) {
            // What is only being written down is known a moment later.
            thread::sleep(Duration::from_millis(500));
            until("Postfix has nothing more", || world.is_idle().then_some(()));
            let row = rows.iter().find(|row| text(&row["id"]) == id).expect("it was listed");
            let key = (number_in(text(&row["subject"])), "bob@kith.test".to_owned());
            let known = call(&folder, &["quarantine", "release", id]).status.success();
            if !known && world.delivered().contains_key(&key) {
                world.kith.run(&["quarantine", "delete", id]);
                deleted += 1;
            } else if !known {
                world.release(&["--again", id]);
            }
        }
        None
    });
    deleted
}

fn check(messages: usize, kills: usize) {
    let mut chance = Chance::of_now();
    let mut world = World::start(Kith::start, "");
    let began = Instant::now();
    deliver_all(&mut world, messages, kills, &mut chance);
    let kept = began.elapsed();
    let rows = world.list(&["--all"]);
    let mut numbers: Vec<_> = rows.iter().map(|row| number_in(text(&row["subject"]))).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..messages).collect::<Vec<_>>(), "each is kept once");
    // Kith may have been killed between telling the MTA and writing down that it did.
    let unheard: Vec<_> = rows.iter().filter(|row| row["unheard"] == true).map(|row| text(&row["id"])).collect();
    assert!(unheard.len() <= kills, "{unheard:?}");
    for id in &unheard {
        world.release(&["--again", id]);
    }
    until("what was released is delivered", || (world.sink.delivered().len() == unheard.len()).then_some(()));
    let began = Instant::now();
    for kill in 0..kills {
        release_and_kill(&world, Duration::from_micros(chance.below(100_000)));
        // Every second time the daemon goes on, and the release alone is gone.
        if kill % 2 == 0 {
            world.kith.kill();
            world.kith.restart();
        }
    }
    let doubtful = settle(&world, &rows);
    until("Postfix has nothing more", || world.is_idle().then_some(()));
    let took = began.elapsed();
    let copies = world.delivered();
    let doubled: Vec<_> = copies.iter().filter(|(_, copies)| **copies > 1).collect();
    assert!(doubled.is_empty(), "delivered twice: {doubled:?}");
    assert_eq!(copies.len(), messages, "each is delivered");
    assert_eq!(world.list(&["--released"]).len() + doubtful, messages);
    assert!(!world.kith.log().contains("degraded"), "a kill damages no store");
    let log = world.kith.run(&["quarantine", "log", "-n", "1000000"]);
    let count = |words: &str| log.lines().filter(|line| line.contains(words)).count();
    let (begun, finished) = (count(" is being released "), count("the answer was not heard"));
    println!(
        "{messages} messages, {kills} kills of daemon and release each: kept in {kept:?}, {} brought again; released in \
         {took:?} by {begun} attempts, {finished} of them finished by the next, {doubtful} doubtful",
        count(" came again ")
    );
}

#[test]
fn whatever_is_killed_each_message_is_kept_once_and_released_once() {
    check(60, 5);
}

#[test]
#[ignore = "takes a minute"]
fn a_thousand_messages_are_held_and_released_and_none_is_lost_or_doubled() {
    check(1_000, 20);
}
