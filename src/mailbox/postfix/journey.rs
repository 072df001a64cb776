//! Messages on their way through the queue, put together from the lines about them.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr};

use super::line::{Event, Line};
use crate::mail::{Address, Envelope, Moment};

/// Messages under way at once; a busy host's queue holds some thousands. The oldest beyond are given up.
const UNDER_WAY_MAX: usize = 100_000;
/// Recipients kept of a message: what a baseline learns, many times over.
const RECIPIENTS_MAX: usize = 1_000;
/// Messages whose origin is remembered for when a content filter of this host brings them back.
const ORIGINS_MAX: usize = 20_000;

/// A message that left the queue.
#[derive(Clone, Debug)]
pub struct Passed {
    /// When it came.
    pub at: Moment,
    /// Its Message-ID without angle brackets; one made of its name in the queue where the log has none.
    pub message_id: String,
    /// Who brought it, who sent it, and to whom it was delivered.
    pub envelope: Envelope,
}

/// A message under way.
#[derive(Debug, Default)]
struct Journey {
    at: Moment,
    /// Which of the messages of this name it is: names are used again.
    nth: u64,
    message_id: Option<String>,
    envelope: Envelope,
}

/// All messages under way.
#[derive(Default)]
pub(super) struct Journeys {
    under_way: HashMap<String, Journey>,
    order: Order<String>,
    origins: HashMap<String, (Option<IpAddr>, Option<String>)>,
    remembered: VecDeque<String>,
}

/// Names in the order in which they came, each with its number.
#[derive(Default)]
struct Order<T> {
    names: VecDeque<(u64, T)>,
    next: u64,
}

impl Journeys {
    /// Takes a line into account; gives the message that it ends, if it was delivered to somebody.
    pub fn follow(&mut self, at: Moment, line: &Line<'_>) -> Option<Passed> {
        if line.event == Event::Removed {
            return self.end(line.queue_id);
        }
        let journey = self.of(line.queue_id, at);
        match line.event {
            Event::Client { client, login } => {
                journey.envelope.client = client;
                journey.envelope.login = login.map(str::to_owned);
            }
            Event::Pickup => journey.envelope.client = Some(Ipv4Addr::LOCALHOST.into()),
            Event::MessageId(id) => journey.message_id = Some(id.to_owned()),
            Event::Sender(sender) => journey.envelope.sender = Address::parse(sender),
            Event::Sent(to) => {
                let recipients = &mut journey.envelope.recipients;
                let to = Address::parse(to).filter(|to| !recipients.iter().any(|known| known.is_same_mailbox(to)));
                recipients.extend(to.filter(|_| recipients.len() < RECIPIENTS_MAX));
            }
            Event::Removed => {}
        }
        None
    }

    fn of(&mut self, queue_id: &str, at: Moment) -> &mut Journey {
        if !self.under_way.contains_key(queue_id) {
            self.order.next += 1;
            let nth = self.order.next;
            self.order.names.push_back((nth, queue_id.to_owned()));
            self.under_way.insert(queue_id.to_owned(), Journey { at, nth, ..Journey::default() });
            while self.order.names.len() > UNDER_WAY_MAX {
                let Some((nth, oldest)) = self.order.names.pop_front() else { break };
                if self.under_way.get(&oldest).is_some_and(|journey| journey.nth == nth) {
                    self.under_way.remove(&oldest);
                }
            }
        }
        self.under_way.entry(queue_id.to_owned()).or_default()
    }

    fn end(&mut self, queue_id: &str) -> Option<Passed> {
        let Journey { at, message_id, mut envelope, .. } = self.under_way.remove(queue_id)?;
        envelope.queue_id = Some(queue_id.to_owned());
        if let Some(id) = &message_id {
            self.origin(id, &mut envelope);
        }
        let message_id = message_id.unwrap_or_else(|| format!("{queue_id}.{}@postfix.log", at.0));
        (!envelope.recipients.is_empty()).then_some(Passed { at, message_id, envelope })
    }

    /// A content filter brings a message back from this host itself; it still came from where it came first, and is
    /// none of our own for that.
    fn origin(&mut self, message_id: &str, envelope: &mut Envelope) {
        if let Some((client, login)) = self.origins.get(message_id) {
            if envelope.client.is_none_or(|client| client.is_loopback()) {
                (envelope.client, envelope.login) = (*client, login.clone());
            }
            return;
        }
        self.origins.insert(message_id.to_owned(), (envelope.client, envelope.login.clone()));
        self.remembered.push_back(message_id.to_owned());
        if self.remembered.len() > ORIGINS_MAX
            && let Some(oldest) = self.remembered.pop_front()
        {
            self.origins.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line;
    use super::*;

    /// The messages that some lines tell of: client, login, sender, recipients.
    fn told(lines: &[&str]) -> Vec<String> {
        let mut journeys = Journeys::default();
        let mut told = Vec::new();
        for (n, text) in lines.iter().enumerate() {
            let text = format!("Mar  1 09:00:00 mx postfix/{text}");
            let line = line::parse(&text).expect("a line of a message");
            if let Some(passed) = journeys.follow(Moment(n as i64), &line) {
                let Envelope { client, login, sender, recipients, .. } = passed.envelope;
                let client = client.map(|client| client.to_string()).unwrap_or_default();
                let to: Vec<String> = recipients.iter().map(ToString::to_string).collect();
                let from = sender.map(|sender| sender.to_string()).unwrap_or_default();
                let login = login.unwrap_or_default();
                told.push(format!("{} {} {client} {login} {from} {}", passed.at.0, passed.message_id, to.join("+")));
            }
        }
        told
    }

    #[test]
    fn messages_under_way_at_once_are_kept_apart() {
        let expected =
            ["0 1@x 192.0.2.7  a@x.example b@y.example+c@y.example", "1 2@x 192.0.2.8 anna a@x.example d@y.example"];
        assert_eq!(
            told(&[
                "smtpd[1]: 4AAAAA: client=x[192.0.2.7]",
                "smtpd[1]: 4BBBBB: client=x[192.0.2.8], sasl_method=PLAIN, sasl_username=anna",
                "cleanup[1]: 4BBBBB: message-id=<2@x>",
                "cleanup[1]: 4AAAAA: message-id=<1@x>",
                "qmgr[1]: 4AAAAA: from=<a@x.example>, size=1",
                "qmgr[1]: 4BBBBB: from=<a@x.example>, size=1",
                "lmtp[1]: 4AAAAA: to=<b@y.example>, status=sent (ok)",
                "lmtp[1]: 4BBBBB: to=<d@y.example>, status=sent (ok)",
                "lmtp[1]: 4AAAAA: to=<c@y.example>, status=sent (ok)",
                "lmtp[1]: 4AAAAA: to=<B@Y.example>, status=sent (again)",
                "qmgr[1]: 4AAAAA: removed",
                "qmgr[1]: 4BBBBB: removed",
            ]),
            expected
        );
    }

    #[test]
    fn what_reached_nobody_is_no_message() {
        assert!(told(&["qmgr[1]: 4AAAAA: from=<a@x.example>, size=1", "qmgr[1]: 4AAAAA: removed"]).is_empty());
        assert!(told(&["qmgr[1]: 4AAAAA: removed"]).is_empty());
    }

    #[test]
    fn a_filter_of_this_host_does_not_make_a_message_our_own() {
        let pass = |id: &str, client: &str, to: &str| {
            [
                format!("smtpd[1]: {id}: client=x[{client}]"),
                format!("cleanup[1]: {id}: message-id=<1@x>"),
                format!("qmgr[1]: {id}: from=<a@own.example>, size=1"),
                format!("smtp[1]: {id}: to=<{to}>, status=sent (ok)"),
                format!("qmgr[1]: {id}: removed"),
            ]
        };
        let lines =
            [pass("4AAAAA", "192.0.2.7", "b@own.example"), pass("4BBBBB", "127.0.0.1", "b@own.example")].concat();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let told = told(&lines);
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|message| message.contains(" 192.0.2.7 ")), "{told:?}");
    }

    #[test]
    fn messages_under_way_have_a_bound() {
        let mut journeys = Journeys::default();
        let event = || Event::Sent("b@y.example");
        let stamp = super::super::clock::Stamp::Whole(Moment(0));
        for n in 0..=UNDER_WAY_MAX {
            journeys.follow(Moment(0), &Line { stamp, queue_id: &format!("4{n:09}"), event: event() });
        }
        assert_eq!(journeys.under_way.len(), UNDER_WAY_MAX);
        let mut ends = |n: usize| {
            let queue_id = format!("4{n:09}");
            journeys.follow(Moment(0), &Line { stamp, queue_id: &queue_id, event: Event::Removed }).is_some()
        };
        assert_eq!((ends(0), ends(1), ends(1)), (false, true, false));
    }
}
