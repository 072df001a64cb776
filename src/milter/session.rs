//! The conversation with one MTA connection, as a table: bytes in, events and bytes out, no I/O.

use std::mem;
use std::net::IpAddr;

use super::command::{Command, ip, text};
use super::draft::{Beyond, Draft, Limits};
use super::macros::Macros;
use super::negotiation::{Options, step};
use super::reply;
use super::settings::Settings;
use super::transaction::Answer;
use super::wire::{Fault, Framer, Piece, frame};
use crate::mail::Envelope;

/// What the server has to act upon.
#[derive(Debug)]
pub enum Event {
    /// A message is complete and awaits [`Session::answer`]; no byte is taken before.
    Message {
        /// What the SMTP session said.
        envelope: Box<Envelope>,
        /// The message as in [`super::Transaction::raw`].
        raw: Vec<u8>,
    },
    /// A message is complete but was larger than it may be; it awaits [`Session::answer`] too. Its content is gone.
    Beyond {
        /// The limit.
        beyond: Beyond,
        /// The MTA's name of the message, for the log.
        queue_id: Option<String>,
    },
    /// The MTA said goodbye.
    Quit,
}

/// One connection's conversation. What the MTA grants is asked for and no more; steps that the MTA wants answered are
/// answered with *continue*, and a verdict is given at the end of a message only.
#[derive(Debug)]
pub struct Session {
    framer: Framer,
    talk: Talk,
}

/// Where the conversation stands.
#[derive(Debug)]
enum State {
    /// Nothing was negotiated yet.
    Opening,
    /// Between messages.
    Idle,
    /// A message is coming.
    Receiving(Box<Draft>),
    /// A message is complete and awaits its answer.
    Answering,
    /// The MTA said goodbye.
    Closed,
}

#[derive(Debug)]
struct Talk {
    limits: Limits,
    options: Options,
    state: State,
    macros: Macros,
    client: Option<IpAddr>,
    /// The client's name as CONNECT gave it.
    client_name: String,
    helo: Option<String>,
    output: Vec<u8>,
}

impl Session {
    /// A conversation that has not begun.
    pub fn new(settings: &Settings) -> Self {
        let talk = Talk {
            limits: Limits::from(settings),
            options: Options::default(),
            state: State::Opening,
            macros: Macros::default(),
            client: None,
            client_name: String::new(),
            helo: None,
            output: Vec::new(),
        };
        Self { framer: Framer::default(), talk }
    }

    /// Takes bytes up to and including the first event; says how many were taken. While a message awaits its answer,
    /// and after the end, none is taken.
    ///
    /// # Errors
    /// The MTA (or whoever it is) broke the protocol; the connection is to be closed, and the MTA acts by its default.
    pub fn take(&mut self, input: &[u8]) -> Result<(usize, Option<Event>), Fault> {
        let mut rest = input;
        while !matches!(self.talk.state, State::Answering | State::Closed) {
            let Some(piece) = self.framer.take(&mut rest)? else { break };
            let event = match piece {
                Piece::Frame(kind, payload) => self.talk.hear(kind, Command::read(kind, payload)?)?,
                Piece::Body(run, last) => self.talk.hear_body(run, last)?,
            };
            if event.is_some() {
                return Ok((input.len() - rest.len(), event));
            }
        }
        Ok((input.len() - rest.len(), None))
    }

    /// Answers the message that awaits it: changes and final word are appended to the output in one piece. Changes that
    /// the MTA did not grant are left out with a warning in the log; a quarantine that it did not grant becomes a
    /// temporary failure, since mail that should be held must not be delivered. Without a waiting message nothing
    /// happens.
    pub fn answer(&mut self, answer: &Answer) {
        if matches!(self.talk.state, State::Answering) {
            reply::write(answer, self.talk.options, &mut self.talk.output);
            self.talk.end_message();
        }
    }

    /// Tells the MTA that the answer is being worked on, so that it waits on. Only while a message awaits its answer.
    pub fn progress(&mut self) {
        if matches!(self.talk.state, State::Answering) {
            frame(&mut self.talk.output, b'p', |_| ());
        }
    }

    /// Gives up the content of the message that is coming, for lack of memory; it ends in [`Event::Beyond`].
    pub fn shed(&mut self, setting: &'static str, max: usize) {
        if let State::Receiving(draft) = &mut self.talk.state {
            draft.give_up(setting, max);
        }
    }

    /// The bytes to be sent; whoever sends them clears them.
    pub fn output(&mut self) -> &mut Vec<u8> {
        &mut self.talk.output
    }

    /// Bytes of memory that the message under way holds.
    pub fn held_bytes(&self) -> usize {
        let draft = if let State::Receiving(draft) = &self.talk.state { draft.held_bytes() } else { 0 };
        self.framer.held_bytes() + draft
    }

    /// Whether no message is under way, so that closing loses none.
    pub fn is_idle(&self) -> bool {
        matches!(self.talk.state, State::Opening | State::Idle | State::Closed)
    }
}

impl Talk {
    /// One command. Commands out of order are passed over, answered as their kind is, so that both sides stay in step;
    /// a message can only come of MAIL, RCPT and the end of the message, in this order.
    fn hear(&mut self, kind: u8, command: Command<'_>) -> Result<Option<Event>, Fault> {
        if matches!(self.state, State::Opening) {
            return self.open(kind, &command);
        }
        match command {
            Command::Negotiate(_) => return Err(Fault::NegotiatedTwice),
            Command::Macros(stage, pairs) => self.macros.set(stage, pairs),
            Command::Connect { name, client } => self.connect(name, client),
            Command::Helo(name) => {
                self.helo = Some(text(name));
                self.go_on(step::QUIET_HELO);
            }
            Command::Mail(path) => {
                self.state = State::Receiving(Box::new(Draft::new(path, self.limits)));
                self.go_on(step::QUIET_MAIL);
            }
            Command::Rcpt(path) => {
                let taken = self.receive(|draft| draft.recipient(path));
                self.taken(kind, taken, step::QUIET_RCPT);
            }
            Command::Data => self.go_on(step::QUIET_DATA),
            Command::Header { name, value } => {
                let spaced = self.options.has(step::LEADING_SPACE);
                let taken = self.receive(|draft| draft.header(name, value, spaced));
                self.taken(kind, taken, step::QUIET_HEADER);
            }
            Command::EndOfHeader => {
                let taken = self.receive(|draft| {
                    draft.end_header();
                    true
                });
                self.taken(kind, taken, step::QUIET_END_OF_HEADER);
            }
            Command::EndOfMessage(run) => return Ok(self.complete(run)),
            Command::Abort => self.end_message(),
            Command::Unknown => self.go_on(step::QUIET_UNKNOWN),
            Command::Quit => return Ok(Some(self.close())),
            Command::QuitNewConnection => self.forget(),
        }
        Ok(None)
    }

    /// A run of a body frame; the frame is answered once, behind its last run.
    fn hear_body(&mut self, run: &[u8], last: bool) -> Result<Option<Event>, Fault> {
        if matches!(self.state, State::Opening) {
            return Err(Fault::NotNegotiated(b'B'));
        }
        let taken = self.receive(|draft| {
            draft.body(run);
            true
        });
        if last {
            let is_beyond = matches!(&self.state, State::Receiving(draft) if draft.beyond().is_some());
            if is_beyond && self.options.has(step::SKIP) && !self.options.has(step::QUIET_BODY) {
                frame(&mut self.output, b's', |_| ());
            } else {
                self.taken(b'B', taken, step::QUIET_BODY);
            }
        }
        Ok(None)
    }

    fn open(&mut self, kind: u8, command: &Command<'_>) -> Result<Option<Event>, Fault> {
        match command {
            Command::Negotiate(offer) => {
                self.options = offer.agree()?;
                self.options.write(&mut self.output);
                self.state = State::Idle;
                Ok(None)
            }
            Command::Quit => Ok(Some(self.close())),
            _ => Err(Fault::NotNegotiated(kind)),
        }
    }

    fn connect(&mut self, name: &[u8], client: Option<IpAddr>) {
        self.state = State::Idle;
        self.client = client;
        self.client_name = text(name);
        self.helo = None;
        self.go_on(step::QUIET_CONNECT);
    }

    /// Lets the message under way take something; `false` where there is none, or it is too late for that.
    fn receive(&mut self, take: impl FnOnce(&mut Draft) -> bool) -> bool {
        if let State::Receiving(draft) = &mut self.state { take(draft) } else { false }
    }

    fn taken(&mut self, kind: u8, taken: bool, quiet: u32) {
        if !taken {
            log::debug!("milter command '{}' out of order is passed over", char::from(kind));
        }
        self.go_on(quiet);
    }

    /// Answers *continue*, unless it was agreed that this step gets no answer.
    fn go_on(&mut self, quiet: u32) {
        if !self.options.has(quiet) {
            frame(&mut self.output, b'c', |_| ());
        }
    }

    /// The end of a message. Without an envelope there is none, and the MTA is told to try again.
    fn complete(&mut self, run: &[u8]) -> Option<Event> {
        let State::Receiving(mut draft) = mem::replace(&mut self.state, State::Answering) else {
            return self.refuse();
        };
        if !draft.has_envelope() {
            return self.refuse();
        }
        if !run.is_empty() {
            draft.body(run);
        }
        draft.end_header();
        if let Some(beyond) = draft.beyond() {
            return Some(Event::Beyond { beyond, queue_id: self.known("i") });
        }
        let envelope = Box::new(self.envelope(&mut draft));
        Some(Event::Message { envelope, raw: draft.into_raw() })
    }

    fn refuse(&mut self) -> Option<Event> {
        log::warn!("the MTA ended a message that has no envelope; it was answered with a temporary failure");
        frame(&mut self.output, b't', |_| ());
        self.end_message();
        None
    }

    fn envelope(&self, draft: &mut Draft) -> Envelope {
        Envelope {
            client: self.client.or_else(|| self.macros.find("client_addr").and_then(ip)),
            client_name: self.confirmed_name(),
            helo: self.helo.clone(),
            login: self.known("auth_authen"),
            tls: self.known("tls_version"),
            sender: draft.sender.take(),
            recipients: mem::take(&mut draft.recipients),
            unread_paths: draft.unread_paths,
            queue_id: self.known("i"),
            mta: self.known("j"),
        }
    }

    fn known(&self, name: &str) -> Option<String> {
        self.macros.find(name).map(text)
    }

    /// The client's name, where reverse and forward look-up agree. Postfix says `unknown` otherwise; Sendmail says it by
    /// macros, and gives the address in brackets.
    fn confirmed_name(&self) -> Option<String> {
        let is_resolved = self.macros.find("client_resolve").is_none_or(|state| state == b"OK");
        let is_forged = self.macros.find("_").is_some_and(|remark| remark.ends_with(b"(may be forged)"));
        let name = self.known("client_name").unwrap_or_else(|| self.client_name.clone());
        let is_name = !name.is_empty() && !name.starts_with('[') && !name.eq_ignore_ascii_case("unknown");
        (is_resolved && !is_forged && is_name).then_some(name)
    }

    /// Back between messages; what the session told stays.
    fn end_message(&mut self) {
        self.state = State::Idle;
        self.macros.end_message();
    }

    /// Back to where the negotiation left off, for a new SMTP session on the same socket.
    fn forget(&mut self) {
        self.state = State::Idle;
        self.macros.clear();
        self.client = None;
        self.client_name.clear();
        self.helo = None;
    }

    fn close(&mut self) -> Event {
        self.state = State::Closed;
        Event::Quit
    }
}

#[cfg(test)]
mod tests {
    use super::super::transaction::Reply;
    use super::*;

    const OFFER: &[u8] = b"\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff";

    /// Speaks frames, answers each message with *continue*, and tells what happened in words.
    fn converse(frames: &[(u8, &[u8])]) -> Result<(Vec<String>, Vec<u8>), Fault> {
        let mut session = Session::new(&Settings::default());
        let mut bytes = Vec::new();
        frames.iter().for_each(|(kind, payload)| frame(&mut bytes, *kind, |out| out.extend_from_slice(payload)));
        let (mut at, mut told) = (0, Vec::new());
        while at < bytes.len() {
            let (taken, event) = session.take(&bytes[at..])?;
            at += taken;
            match event {
                Some(Event::Message { envelope, raw }) => {
                    told.push(format!("{envelope:?} {}", raw.escape_ascii()));
                    session.answer(&Answer::plain(Reply::Continue));
                }
                Some(Event::Beyond { beyond, .. }) => told.push(beyond.to_string()),
                Some(Event::Quit) => told.push("quit".to_owned()),
                None => (),
            }
        }
        Ok((told, session.output().split_off(0)))
    }

    fn check(frames: &[(u8, &[u8])], expected: &[&str]) {
        let all = [&[(b'O', OFFER)], frames].concat();
        let (told, _) = converse(&all).expect("no fault");
        assert_eq!(told.len(), expected.len(), "{told:?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.contains(expected), "{told} lacks {expected}");
        }
    }

    #[test]
    fn a_message_needs_an_envelope() {
        check(&[(b'E', b"")], &[]);
        check(&[(b'M', b"<a@b.example>"), (b'E', b"")], &[]);
        check(&[(b'R', b"<a@b.example>"), (b'L', b"A\0b\0"), (b'B', b"x"), (b'E', b"")], &[]);
        check(&[(b'M', b"<>"), (b'R', b"<a@b.example>"), (b'E', b"")], &["sender: None"]);
        check(&[(b'M', b"<>"), (b'R', b"<a@b.example>"), (b'A', b""), (b'E', b"")], &[]);
    }

    #[test]
    fn the_body_may_end_in_the_last_frame() {
        let frames: &[(u8, &[u8])] = &[(b'M', b"<>"), (b'R', b"<a@b.example>"), (b'B', b"one "), (b'E', b"two")];
        check(frames, &["\\r\\none two"]);
    }

    #[test]
    fn names_count_when_both_look_ups_agree() {
        let with = |macros: &[u8], name: &[u8]| {
            let connect = [name, b"\x004\0\x19192.0.2.7\0"].concat();
            let frames: &[(u8, &[u8])] = &[
                (b'O', OFFER),
                (b'D', macros),
                (b'C', &connect),
                (b'M', b"<>"),
                (b'R', b"<a@b.example>"),
                (b'E', b""),
            ];
            converse(frames).expect("no fault").0.remove(0)
        };
        assert!(with(b"C", b"mx.example.org").contains(r#"client_name: Some("mx.example.org")"#));
        assert!(with(b"C", b"unknown").contains("client_name: None"));
        assert!(with(b"C", b"[192.0.2.7]").contains("client_name: None"));
        assert!(with(b"C{client_resolve}\0FORGED\0", b"mx.example.org").contains("client_name: None"));
        assert!(
            with(b"C_\0mx.example.org [192.0.2.7] (may be forged)\0", b"mx.example.org").contains("client_name: None")
        );
        assert!(with(b"C{client_name}\0a.example\0", b"mx.example.org").contains(r#"client_name: Some("a.example")"#));
        assert!(with(b"C{client_addr}\x00192.0.2.9\0", b"mx.example.org").contains("192.0.2.7"));
    }

    #[test]
    fn the_address_may_come_by_macro() {
        let frames: &[(u8, &[u8])] = &[
            (b'D', b"C{client_addr}\x00192.0.2.9\0"),
            (b'C', b"x\0U"),
            (b'M', b"<>"),
            (b'R', b"<a@b.example>"),
            (b'E', b""),
        ];
        check(frames, &["client: Some(192.0.2.9)"]);
    }

    #[test]
    fn violations_end_the_conversation() {
        let fault = |frames: &[(u8, &[u8])]| converse(frames).map(|_| ()).expect_err("a fault");
        assert_eq!(fault(&[(b'M', b"<>")]), Fault::NotNegotiated(b'M'));
        assert_eq!(fault(&[(b'B', b"x")]), Fault::NotNegotiated(b'B'));
        assert_eq!(fault(&[(b'O', OFFER), (b'O', OFFER)]), Fault::NegotiatedTwice);
        assert_eq!(fault(&[(b'O', b"\0\0\0\x01\0\0\0\0\0\0\0\0")]), Fault::Version(1));
        assert_eq!(fault(&[(b'O', OFFER), (b'!', b"")]), Fault::UnknownCommand(b'!'));
    }

    #[test]
    fn goodbye_is_heard_before_the_negotiation_too() {
        assert_eq!(converse(&[(b'Q', b"")]).expect("no fault").0, ["quit"]);
    }

    #[test]
    fn nothing_is_taken_while_a_message_waits() {
        let mut session = Session::new(&Settings::default());
        let mut bytes = Vec::new();
        let frames: &[(u8, &[u8])] =
            &[(b'O', OFFER), (b'M', b"<>"), (b'R', b"<a@b.example>"), (b'E', b""), (b'Q', b"")];
        frames.iter().for_each(|(kind, payload)| frame(&mut bytes, *kind, |out| out.extend_from_slice(payload)));
        let (taken, event) = session.take(&bytes).expect("no fault");
        assert!(matches!(event, Some(Event::Message { .. })) && taken == bytes.len() - 5 && !session.is_idle());
        assert!(matches!(session.take(&bytes[taken..]), Ok((0, None))));
        session.progress();
        session.answer(&Answer::plain(Reply::Continue));
        session.answer(&Answer::plain(Reply::Reject));
        assert!(session.output().ends_with(b"\0\0\0\x01p\0\0\0\x01c") && session.is_idle());
        assert!(matches!(session.take(&bytes[taken..]), Ok((5, Some(Event::Quit)))));
    }
}
