//! Letters about held mail through real Postfix: who is told, what a link does when it is fetched, and when it is meant.

use std::fs;
use std::thread;
use std::time::Duration;

use kith::mail::Moment;
use kith::quarantine::SEAL_HEADER;

use crate::admin::visitor::{Answer, Visitor};
use crate::mta::sink::{Delivered, Mood};
use crate::mta::{free_port, until};
use crate::quarantine_own::{World, text};
use crate::serve::{Kith, call};

/// What a test of letters needs: a console where the links lead.
fn world(own: &str) -> (World, u16) {
    let port = free_port();
    let own = format!(
        "[admin]\nlisten = \"127.0.0.1:{port}\"\n[quarantine.digest]\nbase_url = \"http://127.0.0.1:{port}\"\n{own}\n"
    );
    (World::start(Kith::start, &own), port)
}

/// Holds a message for these.
fn hold(world: &World, number: usize, recipients: &[&str]) -> String {
    let before = world.list(&["--all"]).len();
    assert_eq!(world.send(number, recipients).code(), 250);
    until("it is kept, and the MTA heard of it", || {
        let rows = world.list(&["--all"]);
        (rows.len() > before && rows.iter().all(|row| row["unheard"] == false)).then_some(())
    });
    text(&world.list(&["--all"]).last().expect("kept")["id"]).to_owned()
}

/// The paths of the links in a letter.
fn links(letter: &Delivered) -> Vec<String> {
    let body = letter.message.replace("=\r\n", "").replace("=3D", "=");
    let lines = body.lines().filter_map(|line| line.trim().strip_prefix("http://127.0.0.1:"));
    lines.filter_map(|rest| rest.split_once('/')).map(|(_, path)| format!("/{path}")).collect()
}

fn state(world: &World, id: &str, recipient: &str) -> String {
    let rows = world.list(&["--all"]);
    let row = rows.iter().find(|row| text(&row["id"]) == id).expect("listed");
    let parts = row["recipients"].as_array().expect("a list");
    let part = parts.iter().find(|part| text(&part["address"]) == recipient).expect("a recipient");
    text(&part["state"]).to_owned()
}

fn press(port: u16, path: &str) -> Answer {
    Visitor::new(port).post(path, &[("deed", "release")])
}

#[test]
fn a_recipient_is_told_and_lets_go_what_is_his_with_one_deliberate_click() {
    // Were it scored or ruled as all mail is, a letter would be held.
    let (world, port) = world("[[policy.block]]\nsender = \"*@kith.test\"\nverdict = \"hold\"");
    let id = hold(&world, 1, &["bob@kith.test", "cay@kith.test"]);
    let shown = world.kith.run(&["quarantine", "digest", "--dry-run"]);
    assert!(shown.contains("2 letters would be sent") && shown.contains("ann[at]sender[.]example"), "{shown}");
    assert!(world.sink.delivered().is_empty());
    assert_eq!(world.kith.run(&["quarantine", "digest"]), "2 letters sent\n");
    let letters = world.sink.wait_for(2);
    for letter in &letters {
        assert_eq!((letter.sender.as_str(), letter.header("Auto-Submitted")), ("", vec!["auto-generated".to_owned()]));
        assert_eq!(letter.header(SEAL_HEADER), [""; 0], "its token was spent at Kith");
        assert_eq!(letter.header("From"), ["Mail filter <postmaster@kith.test>"]);
        assert!(!letter.message.contains("sender.example"), "no address of the message is alive: {}", letter.message);
    }
    let of = |who: &str| letters.iter().find(|letter| letter.recipients == [who]).map(links).expect("a letter");
    let (bobs, cays) = (of("bob@kith.test"), of("cay@kith.test"));
    assert_eq!((bobs.len(), cays.len()), (1, 1));

    // A scanner fetches whatever it finds, in every way that fetches.
    for path in bobs.iter().chain(&cays) {
        for _ in 0..3 {
            let page = Visitor::new(port).get(path);
            assert!(page.status == 200 && page.body.contains("Deliver this message?"), "{}", page.body);
            assert!(page.body.contains("ann[at]sender[.]example"), "{}", page.body);
            assert_eq!(page.header("Referrer-Policy"), ["no-referrer"]);
            assert_eq!(page.header("Cache-Control"), ["no-store"]);
        }
        let mut head = Visitor::new(port);
        assert_eq!(head_status(&mut head, port, path), 200);
        let not_pressed = Visitor::new(port).post(path, &[("deed", "look")]);
        assert!(not_pressed.body.contains("Deliver this message?"), "{}", not_pressed.body);
        let foreign = Visitor::new(port).with("Sec-Fetch-Site", "cross-site").post(path, &[("deed", "release")]);
        assert_eq!(foreign.status, 403);
    }
    assert_eq!((state(&world, &id, "bob@kith.test"), world.sink.delivered().len()), ("held".to_owned(), 2));

    let done = press(port, &bobs[0]);
    assert!(done.status == 200 && done.body.contains("It is on its way"), "{}", done.body);
    let delivered = world.sink.wait_for(3);
    assert_eq!(
        (delivered[2].recipients.as_slice(), delivered[2].header("X-Kith-ID")),
        (&["bob@kith.test".to_owned()][..], vec![id.clone()])
    );
    for _ in 0..2 {
        let again = press(port, &bobs[0]);
        assert!(again.status == 200 && again.body.contains("Delivered already"), "{}", again.body);
    }
    assert!(Visitor::new(port).get(&bobs[0]).body.contains("Delivered already"));
    until("Postfix has nothing more", || world.is_idle().then_some(()));
    assert_eq!((world.sink.delivered().len(), state(&world, &id, "cay@kith.test")), (3, "held".to_owned()));
    let labels = world.kith.run(&["label", "--list"]);
    assert!(labels.lines().count() == 1 && labels.contains("safe by=bob@kith.test how=release"), "{labels}");
    assert_eq!(world.kith.run(&["quarantine", "digest"]), "0 letters sent\n", "nobody is told twice");
    let log = world.kith.run(&["quarantine", "log"]);
    assert!(log.contains(" was told of to=<cay@kith.test> by=kith") && log.contains("by=bob@kith.test"), "{log}");
    assert_eq!(world.list(&["--all"]).len(), 1, "letters are no held mail");
}

/// HEAD has no body to read.
fn head_status(visitor: &mut Visitor, port: u16, path: &str) -> u16 {
    use std::io::{Read, Write};
    assert!(visitor.cookies.is_empty());
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).expect("somebody listens");
    let request = format!("HEAD {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it is read");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it ends");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}

#[test]
fn links_that_do_not_count_do_nothing() {
    let (world, port) = world("[quarantine.rights]\nrecipients = [\"spam\"]");
    let id = hold(&world, 1, &["bob@kith.test"]);
    world.kith.run(&["quarantine", "digest"]);
    let path = links(&world.sink.wait_for(1)[0]).remove(0);
    let last = if path.ends_with('0') { '1' } else { '0' };
    let forged = format!("{}{last}", &path[..path.len() - 1]);
    for wrong in [&forged, &path.replace("-0-", "-1-"), &path.replacen('-', "--", 1), "/held/x", "/held/%00%ff"] {
        let answer = press(port, wrong);
        assert!(answer.status == 404 || answer.status == 400, "{wrong}: {}", answer.body);
    }
    // Whoever tries on is not heard any more, until he comes with one that he could have only from a letter.
    let statuses: Vec<_> = (0..40).map(|_| Visitor::new(port).get(&forged).status).collect();
    assert_eq!((statuses[39], state(&world, &id, "bob@kith.test")), (429, "held".to_owned()));
    assert_eq!(Visitor::new(port).with("Host", "evil.example").get("/held/x").status, 403);
    world.kith.run(&["quarantine", "delete", &id]);
    until("Postfix has nothing more", || world.is_idle().then_some(()));
    assert_eq!(world.sink.delivered().len(), 1);
}

#[test]
fn what_a_recipient_may_not_let_go_is_not_offered() {
    let (world, port) = world("[quarantine.rights]\nrecipients = []");
    let id = hold(&world, 1, &["bob@kith.test"]);
    world.kith.run(&["quarantine", "digest"]);
    let letter = world.sink.wait_for(1).remove(0);
    let said = letter.message.replace("=\r\n", "");
    assert!(links(&letter).is_empty() && said.contains(&format!("ask your administrator for {id}")), "{said}");
    // A link of before, when he might.
    let own = |rights: &str| {
        let (console, to) = (format!("[admin]\nlisten = \"127.0.0.1:{port}\"\n"), world.postfix.port());
        let keep = format!("[quarantine]\nkeep = \"own\"\nrelease_to = \"127.0.0.1:{to}\"\n");
        format!(
            "{console}{keep}[quarantine.digest]\nbase_url = \"http://127.0.0.1:{port}\"\n[quarantine.rights]\nrecipients = {rights}\n"
        )
    };
    world.kith.reload(&own("[\"spam\"]"));
    world.kith.wait_for("settings reloaded", 2);
    hold(&world, 2, &["cay@kith.test"]);
    world.kith.run(&["quarantine", "digest"]);
    let path = links(&world.sink.wait_for(2)[1]).remove(0);
    world.kith.reload(&own("[]"));
    world.kith.wait_for("settings reloaded", 3);
    // The pages learn of it a moment after the log says so.
    until("the page knows", || Visitor::new(port).get(&path).body.contains("Ask your administrator").then_some(()));
    let answer = press(port, &path);
    assert!(answer.status == 409 && answer.body.contains("Ask your administrator"), "{}", answer.body);
    assert_eq!(world.sink.delivered().len(), 2);
}

#[test]
fn the_daemon_tells_once_a_day_whatever_becomes_of_it() {
    let (mut world, port) = world("");
    hold(&world, 1, &["bob@kith.test"]);
    let letters = world.kith.state().join("quarantine/letters");
    fs::create_dir_all(&letters).expect("room");
    fs::write(letters.join("sent-for"), "2026-01-01T00:00:00Z").expect("room");
    let now = Moment::now().rfc3339();
    let (to, at) = (world.postfix.port(), &now[11..16]);
    // The MTA takes nothing for now: the letter waits.
    world.sink.set_mood(Mood::Fails(451));
    world.kith.reload(&format!(
        "[admin]\nlisten = \"127.0.0.1:{port}\"\n[quarantine]\nkeep = \"own\"\nrelease_to = \"127.0.0.1:{to}\"\n\
         [quarantine.digest]\nat_utc = \"{at}\"\n"
    ));
    world.kith.wait_for("1 recipients were told", 1);
    world.sink.set_mood(Mood::Prompt);
    world.kith.kill();
    world.kith.restart();
    let folder = world.kith.state().with_file_name("");
    assert!(call(&folder, &["quarantine", "digest"]).status.success());
    thread::sleep(Duration::from_secs(6));
    world.postfix.queue().iter().for_each(|queued| world.postfix.flush(&queued.id));
    world.sink.wait_for(1);
    until("Postfix has nothing more", || world.is_idle().then_some(()));
    assert_eq!(world.sink.delivered().len(), 1, "one letter");
    assert!(!world.kith.log().contains("panicked"), "{}", world.kith.log());
}
