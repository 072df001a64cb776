//! Every conversation file, against the pure session at every split of its bytes, and over TCP and unix sockets.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use kith::mail::Envelope;
use kith::milter::{Answer, Event, Fault, Server, Session, Settings};

use crate::dialogue::{Dialogue, Line, SmtpLine};
use crate::dialogue_frames::bytes;

/// A message as the filter saw it.
type Seen = (Envelope, Vec<u8>);

/// All that the MTA says.
fn said(dialogue: &Dialogue) -> Vec<u8> {
    let mta = |line: &Line| if let Line::Mta(_, bytes) = line { bytes.clone() } else { Vec::new() };
    dialogue.lines.iter().flat_map(mta).collect()
}

/// All that the filter has to answer, and whether it closes the connection in the end.
fn expected(dialogue: &Dialogue) -> (Vec<u8>, bool) {
    let filter = |line: &Line| if let Line::Filter(_, bytes) = line { bytes.clone() } else { Vec::new() };
    let is_closed = dialogue.lines.iter().any(|line| matches!(line, Line::Closed));
    (dialogue.lines.iter().flat_map(filter).collect(), is_closed)
}

/// The dialogue with the pure session, the bytes coming in these pieces.
fn converse(dialogue: &Dialogue, pieces: &[&[u8]]) -> (Vec<u8>, Vec<Seen>, Option<Fault>) {
    let mut session = Session::new(&dialogue.settings);
    let (script, mut seen) = (dialogue.script(), Vec::new());
    for piece in pieces {
        let mut rest = *piece;
        while !rest.is_empty() {
            let (taken, event) = match session.take(rest) {
                Ok(taken) => taken,
                Err(fault) => return (session.output().clone(), seen, Some(fault)),
            };
            rest = &rest[taken..];
            match event {
                Some(Event::Message { envelope, raw }) => {
                    seen.push((*envelope, raw));
                    session.answer(&script.next());
                }
                Some(Event::Beyond { .. }) => session.answer(&Answer::plain(dialogue.overdue.clone())),
                Some(Event::Quit) => return (session.output().clone(), seen, None),
                None => assert!(rest.is_empty(), "{}: bytes were left", dialogue.name),
            }
        }
    }
    (session.output().clone(), seen, None)
}

fn check_session(dialogue: &Dialogue, pieces: &[&[u8]]) {
    let (output, seen, fault) = converse(dialogue, pieces);
    let (expected, is_closed) = expected(dialogue);
    assert_eq!(output.escape_ascii().to_string(), expected.escape_ascii().to_string(), "{}", dialogue.name);
    assert_eq!(fault.is_some(), is_closed, "{}: {fault:?}", dialogue.name);
    check_facts(dialogue, &seen);
}

fn check_facts(dialogue: &Dialogue, seen: &[Seen]) {
    let mut messages = 0;
    for line in &dialogue.lines {
        let Line::Fact(number, message, key, values) = line else { continue };
        messages = messages.max(message + 1);
        let place = format!("{}:{number}: {key}", dialogue.name);
        let (envelope, raw) = seen.get(*message).unwrap_or_else(|| panic!("{place}: no such message"));
        if key == "raw" {
            assert_eq!(raw.escape_ascii().to_string(), bytes(&values.concat()).escape_ascii().to_string(), "{place}");
            continue;
        }
        let found = match key.as_str() {
            "client" => envelope.client.map(|c| c.to_string()),
            "name" => envelope.client_name.clone(),
            "helo" => envelope.helo.clone(),
            "login" => envelope.login.clone(),
            "tls" => envelope.tls.clone(),
            "sender" => envelope.sender.as_ref().map(ToString::to_string),
            "recipients" => Some(envelope.recipients.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
            "recipient-count" => Some(envelope.recipients.len().to_string()),
            "queue-id" => envelope.queue_id.clone(),
            "mta" => envelope.mta.clone(),
            other => panic!("{place}: {other} is no fact"),
        };
        assert_eq!(found.as_deref().unwrap_or("none"), values.join(" "), "{place}");
    }
    assert_eq!(seen.len(), messages, "{}: every message has its facts", dialogue.name);
}

#[test]
fn every_dialogue_holds_at_every_split() {
    let all = Dialogue::all();
    assert!(all.len() >= 15, "{} dialogues", all.len());
    for dialogue in &all {
        let said = said(dialogue);
        for cut in 0..=said.len() {
            check_session(dialogue, &[&said[..cut], &said[cut..]]);
        }
        check_session(dialogue, &said.chunks(1).collect::<Vec<_>>());
    }
}

/// The dialogue over a socket: what the filter has to answer is awaited line by line, as an MTA does.
fn check_socket(dialogue: &Dialogue, mut socket: impl Read + Write) {
    let mut closed = false;
    for line in &dialogue.lines {
        match line {
            // A filter may close before everything is said.
            Line::Mta(number, bytes) => {
                socket.write_all(bytes).unwrap_or_else(|error| panic!("{}:{number}: {error}", dialogue.name));
            }
            Line::Filter(number, expected) => {
                let mut answer = vec![0; expected.len()];
                let read = socket.read_exact(&mut answer);
                let (answer, expected) = (answer.escape_ascii().to_string(), expected.escape_ascii().to_string());
                assert_eq!(answer, expected, "{}:{number}: {read:?}", dialogue.name);
            }
            Line::Closed => closed = true,
            Line::Fact(..) => (),
        }
    }
    let mut rest = Vec::new();
    let end = socket.read_to_end(&mut rest);
    // With unread bytes of ours the system closes by a reset, which is a close too.
    assert!(closed || end.is_ok(), "{}: {end:?}", dialogue.name);
    assert_eq!(rest.escape_ascii().to_string(), "", "{}: more than expected", dialogue.name);
}

/// Serves one dialogue on the socket, and compares what the filter saw.
fn check_server(dialogue: &Dialogue, listen: &str, talk: impl FnOnce(&str)) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let script = dialogue.script();
    let settings = Settings { listen: vec![listen.to_owned()], ..dialogue.settings.clone() };
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = {
        let _entered = runtime.enter();
        Server::bind(settings, script.clone()).expect("listens")
    };
    let endpoint = server.endpoints().remove(0).to_string();
    let serving = runtime.spawn(server.serve(async move {
        let _ = stopped.await;
    }));
    talk(&endpoint);
    stop.send(()).expect("it serves");
    assert_eq!(runtime.block_on(serving).expect("no panic").unfinished, 0);
    let seen = script.seen.lock().expect("no panic").drain(..).map(|t| (t.envelope, t.raw)).collect::<Vec<_>>();
    assert_eq!(*script.sent.lock().expect("no panic"), vec![true; seen.len()], "{}", dialogue.name);
    check_facts(dialogue, &seen);
}

/// Longer than any answer of a script takes; ends a test that would hang.
const PATIENCE: Option<Duration> = Some(Duration::from_secs(20));

#[test]
fn every_dialogue_holds_over_tcp() {
    for dialogue in Dialogue::all() {
        check_server(&dialogue, "inet:127.0.0.1:0", |endpoint| {
            let socket = TcpStream::connect(endpoint.strip_prefix("inet:").expect("by TCP")).expect("connects");
            socket.set_read_timeout(PATIENCE).expect("a time-out");
            check_socket(&dialogue, socket);
        });
    }
}

#[test]
fn every_dialogue_holds_over_a_unix_socket() {
    let folder = tempfile::tempdir().expect("a folder");
    let listen = format!("unix:{}", folder.path().join("milter.sock").display());
    for dialogue in Dialogue::all() {
        check_server(&dialogue, &listen, |endpoint| {
            let socket = UnixStream::connect(endpoint.strip_prefix("unix:").expect("by unix")).expect("connects");
            socket.set_read_timeout(PATIENCE).expect("a time-out");
            check_socket(&dialogue, socket);
        });
    }
}

#[test]
fn a_dialogue_that_cannot_be_read_names_its_line() {
    let fault = |text: &str| Dialogue::parse("x", text).err().unwrap_or_default();
    assert!(fault("continue\n--- milter\n> shout\n").starts_with("3: "));
    assert!(fault("dance\n").starts_with("1: "));
    assert!(fault("--- smtp\nlost\n").starts_with("2: "));
    assert!(fault("set headers_most 1\n").contains("headers_most"));
}

#[test]
fn smtp_sections_are_whole() {
    for dialogue in Dialogue::all() {
        let Some(smtp) = &dialogue.smtp else { continue };
        for line in &smtp.lines {
            let is_sound = match line {
                SmtpLine::Client(said) => said.len() <= 998,
                SmtpLine::Server(reply) => reply.starts_with(['2', '3', '4', '5']),
            };
            assert!(is_sound, "{}", dialogue.name);
        }
        assert!(matches!(smtp.lines.last(), Some(SmtpLine::Server(_))), "{}", dialogue.name);
        assert!(!smtp.outcomes.is_empty(), "{}: what becomes of the mail", dialogue.name);
    }
}
