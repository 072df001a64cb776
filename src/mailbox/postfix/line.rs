//! One line of the log: which message it is about, and what it says of it.

use std::net::IpAddr;

use super::clock::Stamp;

/// A line about a message.
#[derive(Debug, PartialEq)]
pub(super) struct Line<'a> {
    pub stamp: Stamp,
    /// The queue's name of the message.
    pub queue_id: &'a str,
    pub event: Event<'a>,
}

/// What a line says.
#[derive(Debug, PartialEq)]
pub(super) enum Event<'a> {
    /// It came from this client, with a login or without.
    Client {
        client: Option<IpAddr>,
        login: Option<&'a str>,
    },
    /// A program of this host handed it in.
    Pickup,
    MessageId(&'a str),
    /// The reverse-path; empty for the null sender.
    Sender(&'a str),
    /// It was delivered to this recipient.
    Sent(&'a str),
    Removed,
}

/// What a line says; `None` for one that says nothing of a message's way.
pub(super) fn parse(text: &str) -> Option<Line<'_>> {
    let (stamp, rest) = Stamp::parse(text)?;
    let (_host, rest) = rest.split_once(' ')?;
    let (program, rest) = rest.split_once(": ")?;
    let program = program.split('[').next()?;
    let mut parts = program.split('/');
    // Other instances are called postfix-out, and the like.
    if !parts.next()?.starts_with("postfix") {
        return None;
    }
    let daemon = parts.next_back()?;
    let (queue_id, said) = rest.split_once(": ")?;
    // Words that stand there as well, such as `warning`, have no digits; a queue's name has.
    let is_id = (6..=20).contains(&queue_id.len())
        && queue_id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && queue_id.bytes().any(|byte| byte.is_ascii_digit());
    let event = if is_id { event(daemon, said)? } else { return None };
    Some(Line { stamp, queue_id, event })
}

fn event<'a>(daemon: &str, said: &'a str) -> Option<Event<'a>> {
    match daemon {
        "smtpd" | "smtps" | "submission" => {
            let client = said.strip_prefix("client=")?;
            let (client, rest) = client.split_once(", ").unwrap_or((client, ""));
            let login = rest.split(", ").find_map(|field| field.strip_prefix("sasl_username="));
            Some(Event::Client { client: address_of(client), login })
        }
        "pickup" => said.starts_with("uid=").then_some(Event::Pickup),
        "cleanup" => {
            let id = said.strip_prefix("message-id=")?.trim();
            let id = id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id);
            (!id.is_empty()).then_some(Event::MessageId(id))
        }
        "qmgr" | "nqmgr" if said == "removed" => Some(Event::Removed),
        "qmgr" | "nqmgr" => in_angles(said.strip_prefix("from=")?).map(|(sender, _)| Event::Sender(sender)),
        _ => {
            let (to, rest) = in_angles(said.strip_prefix("to=")?)?;
            // As the sender's host named the recipient, which is how a milter hears it.
            let original = rest.strip_prefix(", orig_to=").and_then(in_angles).map(|(original, _)| original);
            let to = original.filter(|original| original.contains('@')).unwrap_or(to);
            // Read from behind: the reply that follows in parentheses may say anything.
            let status = rest.split(", status=").nth(1)?;
            status.starts_with("sent ").then_some(Event::Sent(to))
        }
    }
}

/// What stands in angle brackets at the beginning, and what follows.
fn in_angles(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('<')?.split_once('>')
}

/// The address of `name[address]` or `name[address]:port`.
fn address_of(client: &str) -> Option<IpAddr> {
    let (_, address) = client.rsplit_once('[')?;
    let (address, _) = address.split_once(']')?;
    address.strip_prefix("IPv6:").unwrap_or(address).parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(said: &str, expected: Option<(&str, Event<'_>)>) {
        let text = format!("Mar  1 09:00:02 mx {said}");
        let found = parse(&text).map(|line| (line.queue_id, line.event));
        assert_eq!(found, expected, "{said}");
    }

    #[test]
    fn clients_are_read_with_their_login() {
        let client = |client: &str, login| Event::Client { client: client.parse().ok(), login };
        check("postfix/smtpd[9]: 4F1A2B: client=mx[192.0.2.7]", Some(("4F1A2B", client("192.0.2.7", None))));
        check(
            "postfix/submission/smtpd[9]: 4Xyz7kM2: client=pc[2001:db8::1]:55, sasl_method=PLAIN, sasl_username=anna",
            Some(("4Xyz7kM2", client("2001:db8::1", Some("anna")))),
        );
        check("postfix/smtpd[9]: 4F1A2B: client=unknown[unknown]", Some(("4F1A2B", client("", None))));
        check("postfix/pickup[9]: 4F1A2B: uid=0 from=<root>", Some(("4F1A2B", Event::Pickup)));
    }

    #[test]
    fn senders_and_recipients_are_read() {
        check(
            "postfix/qmgr[9]: 4F1A2B: from=<a@x>, size=1, nrcpt=1 (queue active)",
            Some(("4F1A2B", Event::Sender("a@x"))),
        );
        check("postfix/qmgr[9]: 4F1A2B: from=<>, size=1", Some(("4F1A2B", Event::Sender(""))));
        check("postfix/cleanup[9]: 4F1A2B: message-id=<1@x>", Some(("4F1A2B", Event::MessageId("1@x"))));
        check("postfix/qmgr[9]: 4F1A2B: removed", Some(("4F1A2B", Event::Removed)));
        let sent = |to| Some(("4F1A2B", Event::Sent(to)));
        check(
            "postfix-out/smtp[9]: 4F1A2B: to=<b@y>, relay=m[1]:25, delay=1, dsn=2.0.0, status=sent (250 ok)",
            sent("b@y"),
        );
        check("postfix/local[9]: 4F1A2B: to=<u@h>, orig_to=<b@y>, relay=local, status=sent (delivered)", sent("b@y"));
        check("postfix/virtual[9]: 4F1A2B: to=<b@y>, orig_to=<root>, status=sent (delivered)", sent("b@y"));
    }

    #[test]
    fn what_is_no_message_on_its_way_is_passed_over() {
        for said in [
            "postfix/smtp[9]: 4F1A2B: to=<b@y>, relay=none, status=bounced (550 no, status=sent )",
            "postfix/smtp[9]: 4F1A2B: to=<b@y>, relay=none, status=deferred (later)",
            "postfix/smtpd[9]: NOQUEUE: reject: RCPT from x[192.0.2.7]: 550; from=<a@x> to=<b@y>",
            "postfix/smtpd[9]: warning: hostname x: y",
            "postfix/smtpd[9]: connect from mx[192.0.2.7]",
            "dovecot: lmtp(b): 4F1A2B: saved",
            "postfix",
            "",
        ] {
            check(said, None);
        }
    }

    proptest! {
        #[test]
        fn any_line_is_read_or_passed_over(text in ".*") {
            let _ = parse(&text);
            let _ = parse(&format!("Mar  1 09:00:02 mx postfix/smtp[1]: 4F1A2B: {text}"));
            let _ = parse(&format!("Mar  1 09:00:02 mx postfix/smtpd[1]: 4F1A2B: client={text}"));
        }
    }
}
