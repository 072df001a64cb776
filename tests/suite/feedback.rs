//! What recipients report and move, taken by the daemon itself, and labels on their way to the baselines.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use kith::decision::DecisionId;
use kith::labels::{Book, How, Label, Opinion};
use kith::mail::Moment;
use serde_json::Value;

use crate::mta::postfix::Postfix;
use crate::mta::sink::Sink;
use crate::mta::smtp::Smtp;
use crate::mta::until;
use crate::serve::{Kith, prepared};

/// A daemon that watches, and mail of outside that it let pass to bob.
struct World {
    kith: Kith,
    _sink: Sink,
    postfix: Postfix,
    folder: PathBuf,
    /// Each as bob has it, with its decision.
    mail: Vec<(DecisionId, String)>,
}

/// Sends a letter from within, or in the name of somebody from outside.
fn send(postfix: &Postfix, from_outside: bool, from: &str, to: &str, mail: &str) {
    let mut smtp = match from_outside {
        true => Smtp::connect_as(postfix.port(), "192.0.2.7", "mail.sender.example", "mail.sender.example"),
        false => Smtp::connect(postfix.port()),
    };
    assert_eq!(smtp.send(from, &[to], mail.as_bytes()).code(), 250);
}

impl World {
    fn start(count: usize, own: &str) -> Self {
        let folder = prepared("");
        let path = folder.path().to_owned();
        for maildir in ["abuse", "mail/kith.test/bob", "mail/kith.test/bob/.Junk"] {
            for part in ["new", "cur", "tmp"] {
                fs::create_dir_all(path.join(maildir).join(part)).expect("room");
            }
        }
        let place = path.display();
        let settings = format!(
            "[organisation]\nnetworks = [\"127.0.0.0/8\"]\n[policy.tagging]\nheaders = \"everything\"\n\
             [feedback]\nlook_seconds = 1\nabuse_addresses = [\"abuse@kith.test\"]\nabuse_maildirs = [\"{place}/abuse\"]\n\
             junk_folders = [\"{place}/mail/{{domain}}/{{local}}/.Junk\"]\n{own}\n"
        );
        fs::write(path.join("conf.d/own.toml"), settings).expect("room on disk");
        let kith = Kith::start_on(folder, &[]);
        let sink = Sink::start();
        let postfix = Postfix::start(&sink, &kith.milter(), &[]);
        for number in 0..count {
            let mail = format!(
                "From: ann@sender.example\r\nTo: bob@kith.test\r\nSubject: number {number}\r\n\
                 Message-ID: <{number}@sender.example>\r\n\r\nAt one?\r\n"
            );
            send(&postfix, true, "ann@sender.example", "bob@kith.test", &mail);
        }
        let mut delivered = sink.wait_for(count);
        delivered.sort_by_key(|one| one.header("Subject"));
        let id = |text: &String| DecisionId::parse(text).expect("an id");
        let mail = delivered.into_iter().map(|one| (id(&one.header("X-Kith-ID")[0]), one.message)).collect();
        Self { kith, _sink: sink, postfix, folder: path, mail }
    }

    fn labels(&self) -> Vec<Label> {
        Book::of(&self.kith.state()).all().expect("readable")
    }

    /// Waits for so many labels; the last.
    fn wait_for(&self, count: usize) -> Label {
        let labels = until("labels", || Some(self.labels()).filter(|labels| labels.len() >= count));
        assert_eq!(labels.len(), count, "{labels:?}");
        labels.last().expect("some").clone()
    }

    /// Gives the daemon time to do what it must not.
    fn settle(&self) {
        thread::sleep(Duration::from_millis(3_500));
    }

    fn attacks(&mut self) -> usize {
        self.kith.signal("TERM");
        self.kith.wait();
        let text = self.kith.run(&["baseline", "show", "--json", "ann@sender.example"]);
        let object: Value = serde_json::from_str(text.lines().next().expect("known")).expect("an object");
        object["recent"]["attacks"].as_f64().map_or(0, |count| count.round() as usize)
    }
}

fn report(by: &str, number: usize, original: &str) -> String {
    format!(
        "From: {by}\r\nTo: abuse@kith.test\r\nSubject: look\r\nMessage-ID: <r{number}@kith.test>\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nlook\r\n--b\r\n\
         Content-Type: message/rfc822\r\n\r\n{original}\r\n--b--\r\n"
    )
}

#[test]
fn a_report_is_believed_of_who_got_the_message_and_sent_it() {
    let world = World::start(3, "");
    let (bob, original) = ("bob@kith.test", |n: usize| world.mail[n].1.as_str());
    send(&world.postfix, false, bob, "abuse@kith.test", &report(bob, 0, original(0)));
    let label = world.wait_for(1);
    assert_eq!((label.id, label.opinion, label.who.as_str()), (world.mail[0].0, Opinion::Attack, bob));
    assert_eq!((label.how, label.weight), (How::AbuseMailbox, 0.5));
    // In his name from outside, by another of our own, by a stranger, and once more by himself.
    send(&world.postfix, true, bob, "abuse@kith.test", &report(bob, 1, original(1)));
    send(&world.postfix, false, "cay@kith.test", "abuse@kith.test", &report("cay@kith.test", 2, original(1)));
    send(&world.postfix, true, "eve@evil.example", "abuse@kith.test", &report("eve@evil.example", 3, original(1)));
    send(&world.postfix, false, bob, "abuse@kith.test", &report(bob, 4, original(0)));
    world.settle();
    assert_eq!(world.labels().len(), 1);
    // Other mail of his is no report.
    send(&world.postfix, false, bob, "ann@sender.example", &report(bob, 5, original(1)));
    world.settle();
    assert_eq!(world.labels().len(), 1);
    world.kith.wait_for("trust of 1 messages taken back", 1);
}

#[test]
fn a_maildir_of_reports_is_watched_over_restarts() {
    let mut world = World::start(3, "reports_per_day_max = 2");
    let bob = "bob@kith.test";
    let put = |world: &World, name: &str, mail: &str| {
        fs::write(world.folder.join("abuse/new").join(name), mail).expect("room");
    };
    put(&world, "1", &report(bob, 1, &world.mail[0].1));
    assert_eq!(world.wait_for(1).id, world.mail[0].0);
    // This one came by Kith from outside, in his name: its own decision says so.
    let forged = report(bob, 2, &world.mail[1].1);
    send(&world.postfix, true, bob, "other@kith.test", &forged);
    put(&world, "2", &forged);
    world.kith.kill();
    put(&world, "3", &report(bob, 3, &world.mail[2].1));
    world.kith.restart();
    assert_eq!(world.wait_for(2).id, world.mail[2].0);
    fs::rename(world.folder.join("abuse/new/1"), world.folder.join("abuse/cur/1:2,S")).expect("there");
    put(&world, "4", &report(bob, 4, &world.mail[1].1));
    world.kith.wait_for("reported more today than is believed", 1);
    world.settle();
    assert_eq!(world.labels().len(), 2, "{:?}", world.labels());
}

#[test]
fn what_is_moved_into_junk_and_out_is_labelled_and_reaches_the_baselines() {
    let mut world = World::start(2, "");
    let maildir = world.folder.join("mail/kith.test/bob");
    until("the folder was looked at", || {
        fs::read_dir(world.kith.state().join("feedback")).ok()?.next()?.ok().map(drop)
    });
    world.settle();
    fs::write(maildir.join(".Junk/new/1"), &world.mail[0].1).expect("room");
    let label = world.wait_for(1);
    assert_eq!(
        (label.words(), label.who.as_str(), label.how),
        ("attack:spam".into(), "bob@kith.test", How::JunkFolder)
    );
    world.kith.wait_for("trust of 1 messages taken back", 1);
    fs::write(maildir.join("cur/9:2,S"), &world.mail[0].1).expect("room");
    fs::remove_file(maildir.join(".Junk/new/1")).expect("there");
    assert_eq!(world.wait_for(2).words(), "safe");
    world.kith.wait_for("taken back, of 1 given back", 1);
    assert_eq!(world.attacks(), 0);
}

#[test]
fn every_label_reaches_the_baselines_whoever_gave_it_and_whatever_ends_the_daemon() {
    let mut world = World::start(3, "");
    let book = Book::of(&world.kith.state());
    let say = |n: usize, opinion: Opinion| {
        let label = Label::new(world.mail[n].0, opinion, "eve", How::Console, Moment::now());
        book.add(&label).expect("room");
    };
    say(0, Opinion::Attack);
    world.kith.wait_for("trust of 1 messages taken back", 1);
    say(1, Opinion::Safe);
    say(2, Opinion::Attack);
    world.kith.wait_for("trust of 1 messages taken back", 2);
    say(0, Opinion::Safe);
    world.kith.wait_for("of 1 given back", 1);
    world.kith.kill();
    say(1, Opinion::Attack);
    say(2, Opinion::Safe);
    say(2, Opinion::Attack);
    world.kith.restart();
    world.kith.wait_for("trust of 1 messages taken back", 3);
    assert_eq!(world.attacks(), 2, "the first was given back");
}
