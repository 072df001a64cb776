//! Proof that the MTAs of the suite carry mail: without a milter, with one, into quarantine and out again.

use std::time::Duration;

use super::postfix::Postfix;
use super::sendmail::Sendmail;
use super::sink::{Mood, Sink};
use super::smtp::Smtp;
use super::{milter, until};

const MESSAGE: &[u8] = b"From: Ann <ann@sender.example>\nTo: bob@kith.test\nSubject: Lunch\n\nAt one?\n.\n.. or two\n";

#[test]
fn a_message_goes_through_postfix() {
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, "", &[]);
    let sent = Smtp::connect(postfix.port()).send("ann@sender.example", &["bob@kith.test", "eve@kith.test"], MESSAGE);
    assert_eq!((sent.sender.code, sent.recipients.len(), sent.code()), (250, 2, 250));
    let delivered = &sink.wait_for(1)[0];
    assert_eq!((delivered.sender.as_str(), delivered.recipients.len()), ("ann@sender.example", 2));
    assert!(delivered.message.ends_with("\r\n\r\nAt one?\r\n.\r\n.. or two\r\n"), "{}", delivered.message);
    let id = sent.id().expect("Postfix names the queue id");
    until("the log tells of it", || postfix.log().contains(&format!("{id}: from=<ann@sender.example>")).then_some(()));
}

#[test]
fn a_message_goes_through_sendmail() {
    let sink = Sink::start();
    let sendmail = Sendmail::start(&sink, "", &[]);
    let sent = Smtp::connect(sendmail.port()).send("ann@sender.example", &["bob@kith.test"], MESSAGE);
    assert_eq!(sent.code(), 250, "{sent:?}");
    let delivered = &sink.wait_for(1)[0];
    assert_eq!(delivered.recipients, ["bob@kith.test"]);
    assert!(delivered.message.ends_with("\r\n\r\nAt one?\r\n.\r\n.. or two\r\n"), "{}", delivered.message);
    assert!(sendmail.log().contains("MAIL FROM:<ann@sender.example>"));
}

#[test]
fn a_milter_marks_mail_in_both() {
    let sink = Sink::start();
    let milter = milter::start(milter::marking("X-Seen", "yes"));
    let postfix = Postfix::start(&sink, &milter, &[]);
    let sendmail = Sendmail::start(&sink, &milter, &[]);
    for port in [postfix.port(), sendmail.port()] {
        let mut smtp = Smtp::connect(port);
        smtp.pipelining = true;
        assert_eq!(smtp.send("ann@sender.example", &["bob@kith.test"], MESSAGE).code(), 250);
        assert_eq!(smtp.send("ann@sender.example", &["bob@kith.test"], MESSAGE).code(), 250);
    }
    for delivered in sink.wait_for(4) {
        assert_eq!(delivered.header("x-seen"), ["yes"]);
        assert_eq!(delivered.header("Subject"), ["Lunch"]);
    }
}

#[test]
fn postfix_holds_and_releases() {
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &milter::start(milter::holding("looks odd")), &[]);
    let mut smtp = Smtp::connect_as(postfix.port(), "192.0.2.7", "mail.sender.example", "mail.sender.example");
    let ids: Vec<_> = (0..2)
        .map(|_| smtp.send("ann@sender.example", &["bob@kith.test"], MESSAGE).id().expect("Postfix names the queue id"))
        .collect();
    let held = until("both are held", || Some(postfix.held()).filter(|held| held.len() == 2));
    assert!(held.iter().all(|one| ids.contains(&one.id) && one.recipients == ["bob@kith.test"]), "{held:?}");
    assert_eq!(held[0].sender, "ann@sender.example");
    assert!(postfix.log().contains("mail.sender.example[192.0.2.7]"), "the client is the pretended one");
    assert!(postfix.log().contains("milter triggers HOLD action"), "Postfix logs that, and not the reason");
    postfix.release(&ids[0]);
    postfix.requeue(&ids[1]);
    sink.wait_for(2);
    until("the queue is empty", || postfix.queue().is_empty().then_some(()));
}

#[test]
fn sendmail_quarantines_and_releases() {
    let sink = Sink::start();
    let sendmail = Sendmail::start(&sink, &milter::start(milter::holding("looks odd")), &[]);
    assert_eq!(Smtp::connect(sendmail.port()).send("ann@sender.example", &["bob@kith.test"], MESSAGE).code(), 250);
    let held = until("it is held", || sendmail.held().pop());
    assert_eq!((held.quarantined.as_deref(), held.sender.as_str()), (Some("looks odd"), "ann@sender.example"));
    assert_eq!(held.recipients, ["bob@kith.test"]);
    assert!(sendmail.mailq().contains(&held.id), "{}", sendmail.mailq());
    assert!(sink.delivered().is_empty());
    sendmail.release(&held.id);
    sink.wait_for(1);
    until("the queue is empty", || sendmail.queue().is_empty().then_some(()));
}

#[test]
fn mail_of_local_programs_meets_a_milter_too() {
    let sink = Sink::start();
    let milter = milter::start(milter::marking("X-Seen", "yes"));
    let postfix = Postfix::start(&sink, &milter, &["non_smtpd_milters = $smtpd_milters"]);
    postfix.submit("ann@sender.example", "bob@kith.test", MESSAGE);
    assert_eq!(sink.wait_for(1)[0].header("X-Seen"), ["yes"]);
}

#[test]
fn a_slow_or_failing_sink_loses_nothing() {
    let sink = Sink::start();
    let mut postfix = Postfix::start(&sink, &milter::start(milter::accepting()), &[]);
    sink.set_mood(Mood::Fails(451));
    let sent = Smtp::connect(postfix.port()).send("ann@sender.example", &["bob@kith.test"], MESSAGE);
    let id = sent.id().expect("Postfix names the queue id");
    until("it is deferred", || postfix.log().contains("status=deferred").then_some(()));
    assert_eq!(postfix.queue()[0].id, id);
    assert!(sink.delivered().is_empty());
    postfix.restart();
    sink.set_mood(Mood::Slow(Duration::from_millis(50)));
    postfix.flush(&id);
    assert_eq!(sink.wait_for(1)[0].recipients, ["bob@kith.test"]);
}
