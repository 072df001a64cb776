//! The whole path as an administrator runs it: the real program behind real MTAs, by its settings, signals and commands.

use std::collections::HashSet;
use std::path::Path;
use std::thread;

use crate::dns::DnsServer;
use crate::mta::postfix::Postfix;
use crate::mta::sendmail::Sendmail;
use crate::mta::sink::{Delivered, Sink};
use crate::mta::smtp::{Sent, Smtp};
use crate::mta::until;
use crate::serve::Kith;

const SENDER: &str = "ann@sender.example";
const RECIPIENT: &str = "bob@kith.test";

/// A message with this subject; the model of these tests counts its exclamation marks.
fn message(subject: &str) -> Vec<u8> {
    format!(
        "From: Ann <{SENDER}>\r\nTo: Bob <{RECIPIENT}>\r\nSubject: {subject}\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\
         Message-ID: <{}@sender.example>\r\n\r\nAt one?\r\n",
        subject.replace(' ', ".")
    )
    .into_bytes()
}

/// A folder of the project's own corpus.
fn corpus(kind: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(kind);
    let files = std::fs::read_dir(folder).expect("the corpus").map(|file| file.expect("readable").path());
    let mut mail: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "eml")).collect();
    mail.sort();
    mail.iter().map(|path| std::fs::read(path).expect("readable")).collect()
}

fn send(port: u16, message: &[u8]) -> Sent {
    Smtp::connect_as(port, "192.0.2.7", "mail.sender.example", "mail.sender.example").send(
        SENDER,
        &[RECIPIENT],
        message,
    )
}

fn with_subject(sink: &Sink, subject: &str) -> Vec<Delivered> {
    sink.delivered().into_iter().filter(|one| one.header("Subject").iter().any(|text| text.contains(subject))).collect()
}

/// The id in words of a reply or log line: 26 letters and digits.
fn id_in(text: &str) -> String {
    let is_id = |word: &&str| word.len() == 26 && word.starts_with("01");
    let id = text.split(|c: char| !c.is_ascii_alphanumeric()).find(is_id);
    id.unwrap_or_else(|| panic!("no decision id in {text:?}")).to_owned()
}

/// Whether `explain` and `journal tail` know a decision by its id.
fn check_known(kith: &Kith, id: &str, verdict: &str) {
    let told = kith.run(&["explain", id]);
    assert!(told.starts_with(&format!("{id}: {verdict}")), "{told}");
    let tail = kith.run(&["journal", "tail", "-n", "1000"]);
    assert_eq!(tail.lines().filter(|line| line.contains(&format!("id={id}"))).count(), 1, "{tail}");
}

#[test]
fn ordinary_mail_arrives_with_its_proofs_on_top_and_without_forgeries() {
    let dns =
        DnsServer::start("sender.example TXT \"v=spf1 ip4:192.0.2.7 -all\"\n_dmarc.sender.example TXT v=DMARC1;p=none");
    let kith = Kith::start(&format!("auth.resolver = \"{}\"\n", dns.addr()));
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let forged = b"Authentication-Results: mx.kith.test; spf=fail (forged)\r\nX-Kith-Verdict: accept\r\n\
        Authentication-Results: other.example; dkim=pass\r\nX-Kith-ID: forged\r\nX-KITH-id: forged again\r\n";
    let mail = corpus("ordinary");
    assert!(mail.len() >= 5);
    for raw in &mail {
        let sent = send(postfix.port(), &[&forged[..], raw].concat());
        assert_eq!(sent.code(), 250, "{sent:?}");
    }
    for delivered in sink.wait_for(mail.len()) {
        let results = delivered.header("Authentication-Results");
        assert!(delivered.message.starts_with("Authentication-Results: mx.kith.test"), "{}", delivered.message);
        assert!(results[0].contains("spf=pass") && results[0].contains("dmarc="), "{results:?}");
        assert_eq!(results[1..], ["other.example; dkim=pass"], "another host's word is not ours to remove");
        let ours = ["X-Kith-Verdict", "X-Kith-ID"].map(|name| delivered.header(name).len());
        assert_eq!(ours, [0, 0], "{}", delivered.message);
    }
    kith.wait_for("verdict=accept, action=accept", mail.len());
    assert!(dns.asked() > 0);
}

#[test]
fn the_model_that_came_with_the_program_tells_ordinary_mail_from_attacks() {
    let kith = Kith::start("model.path = \"\"\nbaseline.settled_days = 0.0\n");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let ordinary = corpus("ordinary");
    for raw in &ordinary {
        assert_eq!(send(postfix.port(), raw).code(), 250);
    }
    sink.wait_for(ordinary.len());
    assert!(postfix.held().is_empty(), "ordinary mail is not held");
    let attacks = corpus("credential_phishing");
    for raw in &attacks {
        send(postfix.port(), raw);
    }
    kith.wait_for(", score=", ordinary.len() + attacks.len());
    let log = kith.log();
    let scores: Vec<f32> = log.split(", score=").skip(1).filter_map(|l| l.split('/').next()?.parse().ok()).collect();
    let (calm, alarming) = scores.split_at(ordinary.len());
    let highest = |scores: &[f32]| scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    assert!(highest(alarming) > highest(calm), "{log}");
    let flagged = alarming.iter().filter(|score| **score >= 2.2).count();
    assert!(flagged == attacks.len() && highest(calm) < 2.2, "{log}");
    assert!(!log.contains("score=unknown"), "{log}");
}

#[test]
fn held_mail_is_known_by_its_id_and_once_released_is_not_held_again() {
    let kith = Kith::start("");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &["non_smtpd_milters = $smtpd_milters"]);
    let ids: Vec<String> = ["release me !!!!!", "requeue me !!!!!", "bring me again !!!!!"]
        .map(|subject| send(postfix.port(), &message(subject)).id().expect("Postfix took it"))
        .into();
    let held = until("all are held", || Some(postfix.held()).filter(|held| held.len() == ids.len()));
    assert!(held.iter().all(|one| ids.contains(&one.id)), "{held:?}");
    assert_eq!(sink.delivered().len(), 0);
    for queue_id in &ids {
        let content = postfix.content(queue_id);
        let marks: Vec<_> = content.lines().filter(|line| line.starts_with("X-Kith-ID: ")).collect();
        assert_eq!(marks.len(), 1, "{content}");
        check_known(&kith, &id_in(marks[0]), "held");
        assert!(content.contains("\nX-Kith-Verdict: hold (spam)\n"), "{content}");
        // The log is searched by queue id.
        kith.wait_for(&format!("{queue_id}: id={}", id_in(marks[0])), 1);
    }
    postfix.release(&ids[0]);
    postfix.requeue(&ids[1]);
    // Whoever takes a held message out by hand and brings it in anew meets the filter again, with its seal.
    postfix.submit(SENDER, RECIPIENT, postfix.content(&ids[2]).as_bytes());
    sink.wait_for(3);
    until("one is left in the queue", || (postfix.queue().len() == 1).then_some(()));
    assert_eq!(postfix.held()[0].id, ids[2]);
    let subjects: HashSet<_> = sink.delivered().iter().map(|one| one.header("Subject").concat()).collect();
    assert_eq!((sink.delivered().len(), subjects.len()), (3, 3), "each is delivered once");
    assert!(sink.delivered().iter().all(|one| one.header("X-Kith-Verdict") == ["hold (spam)"]));
    kith.wait_for("reasons=released", 1);
    assert_eq!(kith.log().matches("verdict=accept, action=accept").count(), 1, "one was seen again");
}

#[test]
fn refused_and_tagged_mail_is_answered_by_the_policy() {
    let kith = Kith::start(
        "[policy]\ncontact = \"postmaster@kith.test\"\n[policy.tagging]\nsubject_prefix = \"[suspicious]\"\n",
    );
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let refused = send(postfix.port(), &message("refuse !!!!!!!!!"));
    assert_eq!(refused.code(), 550);
    assert!(refused.end.lines[0].starts_with("5.7.1 Message refused: looks like spam (decision "), "{refused:?}");
    assert_eq!(refused.end.lines[1], "5.7.1 If this is wrong, contact postmaster@kith.test");
    check_known(&kith, &id_in(&refused.end.lines[0]), "refused");
    let deferred = send(postfix.port(), &message("later !!!!!!!"));
    assert_eq!(deferred.code(), 451, "{deferred:?}");
    assert!(deferred.end.lines[0].starts_with("4.7.1 "), "{deferred:?}");
    assert_eq!(send(postfix.port(), &message("mark !!!")).code(), 250);
    let tagged = &sink.wait_for(1)[0];
    assert_eq!(tagged.header("Subject"), ["[suspicious] mark !!!"]);
    assert_eq!(tagged.header("X-Kith-Verdict"), ["tag (spam)"]);
    assert_eq!(tagged.header("X-Kith-Score"), ["3.00 threshold 2.20"]);
    assert_eq!(tagged.header("X-Kith-Reasons"), ["subject_exclamations +3.00"]);
    let id = tagged.header("X-Kith-ID").concat();
    // What is delivered is written down soon, not before.
    until("its entry is written", || kith.run(&["journal", "tail"]).contains(&id).then_some(()));
    check_known(&kith, &id, "tagged");
    assert!(postfix.queue().is_empty(), "{:?}", postfix.queue());
    assert_eq!(sink.delivered().len(), 1);
}

/// Whether mail of one's own people bears these marks and this subject when it is tagged; it comes with a forged mark.
fn check_own(postfix: &Postfix, sink: &Sink, recipient: &str, marks: [&[&str]; 4], subject: &str) {
    let mut smtp = Smtp::connect_as(postfix.port(), "192.0.2.7", "mail.sender.example", "mail.sender.example");
    let before = sink.delivered().len();
    let forged = [&b"X-Kith-Reasons: none at all\r\n"[..], &message("mark !!!")].concat();
    assert_eq!(smtp.send(SENDER, &[recipient], &forged).code(), 250);
    let delivered = &sink.wait_for(before + 1)[before];
    let names = ["X-Kith-Verdict", "X-Kith-Score", "X-Kith-Reasons", "Authentication-Results"];
    assert_eq!(names.map(|name| delivered.header(name)), marks, "{recipient}: {}", delivered.message);
    assert_eq!(delivered.header("Subject"), [subject], "{recipient}");
    let has_id = marks[0] != [""; 0];
    assert_eq!(delivered.header("X-Kith-ID").len(), usize::from(has_id), "{recipient}");
}

#[test]
fn what_ones_own_people_send_is_marked_as_far_as_it_goes() {
    let own = "[organisation]\nnetworks = [\"192.0.2.0/24\"]\n[policy.tagging]\nsubject_prefix = \"[odd]\"\n";
    let kith = Kith::start(own);
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let tag: &[&str] = &["tag (spam)"];
    let to_colleagues = [tag, &["3.00 threshold 2.20"], &["subject_exclamations +3.00"], &[]];
    check_own(&postfix, &sink, RECIPIENT, to_colleagues, "[odd] mark !!!");
    check_own(&postfix, &sink, "eve@other.example", [&[], &[], &["none at all"], &[]], "mark !!!");
    kith.reload(&format!("{own}headers_outbound = \"flagged\"\n"));
    kith.wait_for("settings reloaded", 1);
    check_own(&postfix, &sink, "eve@other.example", [tag, &[], &[], &[]], "mark !!!");
    check_own(&postfix, &sink, RECIPIENT, to_colleagues, "[odd] mark !!!");
}

#[test]
fn what_ones_own_people_send_is_held_too() {
    let kith = Kith::start("organisation.networks = [\"192.0.2.0/24\"]\n");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let mut smtp = Smtp::connect_as(postfix.port(), "192.0.2.7", "mail.sender.example", "mail.sender.example");
    for subject in ["lunch", "hold !!!!!"] {
        assert_eq!(smtp.send(SENDER, &["eve@other.example"], &message(subject)).code(), 250);
    }
    let held = until("one is held", || postfix.held().pop());
    let content = postfix.content(&held.id);
    check_known(&kith, &id_in(&content), "held");
    assert!(content.contains("\nX-Kith-Verdict: hold (spam)\n") && !content.contains("X-Kith-Reasons"), "{content}");
    let delivered = &sink.wait_for(1)[0];
    let marks = ["X-Kith-Verdict", "Authentication-Results"].map(|name| delivered.header(name).len());
    assert_eq!(marks, [0, 0], "{}", delivered.message);
}

#[test]
fn sendmail_quarantines_what_is_held_and_names_why() {
    let kith = Kith::start("[[policy.block]]\nsender = \"blocked.example\"\nverdict = \"hold\"\n");
    let sink = Sink::start();
    let sendmail = Sendmail::start(&sink, &kith.milter(), &[]);
    let mut smtp = Smtp::connect(sendmail.port());
    assert_eq!(smtp.send(SENDER, &[RECIPIENT], &message("lunch")).code(), 250);
    assert_eq!(smtp.send(SENDER, &[RECIPIENT], &message("refuse !!!!!!!!!")).code(), 550);
    assert_eq!(smtp.send(SENDER, &[RECIPIENT], &message("later !!!!!!!")).code(), 451);
    assert_eq!(smtp.send("eve@blocked.example", &[RECIPIENT], &message("hold")).code(), 250);
    let held = until("it is held", || sendmail.held().pop());
    let reason = held.quarantined.clone().unwrap_or_default();
    assert!(reason.starts_with("kith 01") && reason.contains("policy") && reason.contains("block"), "{reason}");
    check_known(&kith, &id_in(&reason), "held");
    assert_eq!(sink.wait_for(1)[0].header("Subject"), ["lunch"]);
    sendmail.release(&held.id);
    let released = &sink.wait_for(2)[1];
    assert_eq!(
        (released.header("Subject").concat(), released.header("X-Kith-ID").concat()),
        ("hold".into(), id_in(&reason))
    );
    until("the queue is empty", || sendmail.queue().is_empty().then_some(()));
    assert_eq!(sink.delivered().len(), 2);
}

#[test]
fn a_good_file_changes_what_is_done_and_a_bad_one_does_not() {
    let kith = Kith::start("policy.mode = \"monitor\"\n");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let code = || send(postfix.port(), &message("refuse !!!!!!!!!")).code();
    assert_eq!(code(), 250, "monitored only");
    kith.reload("");
    kith.wait_for("settings reloaded; policy mode: act", 1);
    assert_eq!(code(), 550);
    kith.reload("policy.mod = \"monitor\"\n");
    kith.wait_for("reload refused, the old settings stay in force: ", 1);
    kith.wait_for("did you mean `mode`?", 1);
    assert_eq!(code(), 550);
    kith.reload("policy.mode = \"monitor\"\nmodel.path = \"/nonexistent/model\"\n");
    kith.wait_for("reload refused, the old settings stay in force: ", 2);
    kith.wait_for("/nonexistent/model", 1);
    assert_eq!(code(), 550);
    kith.reload("policy.mode = \"monitor\"\n");
    kith.wait_for("settings reloaded; policy mode: monitor", 1);
    assert_eq!(code(), 250);
    assert_eq!(sink.wait_for(2).len(), 2);
}

#[test]
fn a_reload_names_the_keys_that_need_a_restart_and_changes_the_others() {
    let kith = Kith::start("");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let subjects = || {
        let tail = kith.run(&["journal", "tail", "--json"]);
        let read = |line| serde_json::from_str::<serde_json::Value>(line).expect("an entry")["subject"].clone();
        tail.lines().map(read).map(|subject| subject.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(send(postfix.port(), &message("hold !!!!!")).code(), 250);
    until("the first is written", || (subjects() == [Some("hold !!!!!".to_owned())]).then_some(()));
    kith.reload(
        "[journal]\nsubject = false\nqueued_max = 7\nfiles_max = 3\n[baseline]\nhalf_life_days = 1.0\n\
         [milter]\nsocket_mode = \"0600\"\n",
    );
    kith.wait_for("settings reloaded", 1);
    for key in ["journal.queued_max", "baseline.half_life_days", "milter.socket_mode"] {
        kith.wait_for(&format!("{key} cannot change while the daemon runs; restart it for that"), 1);
    }
    assert_eq!(kith.log().matches("cannot change while the daemon runs").count(), 3, "{}", kith.log());
    assert_eq!(send(postfix.port(), &message("again !!!!!")).code(), 250);
    until("the second is written, without its subject", || (subjects().last() == Some(&None)).then_some(()));
}

#[test]
fn a_message_under_way_is_finished_before_the_daemon_stops() {
    let dns = DnsServer::start("* DELAY 1500\nsender.example TXT \"v=spf1 ip4:192.0.2.7 -all\"");
    let mut kith = Kith::start(&format!("[auth]\nresolver = \"{}\"\ndns_query_milliseconds_max = 5000\n", dns.addr()));
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    let port = postfix.port();
    let sending = thread::spawn(move || send(port, &message("slow")).code());
    until("its sender is looked up", || (dns.asked() > 0).then_some(()));
    kith.signal("TERM");
    assert_eq!(sending.join().expect("no panic"), 250);
    let status = kith.wait();
    assert!(status.success(), "{status}");
    kith.wait_for("\nstopped\n", 1);
    assert_eq!(sink.wait_for(1)[0].header("Authentication-Results").len(), 1, "it was checked");
    assert_eq!(with_subject(&sink, "slow").len(), 1);
}
