//! One message handed over by SMTP (RFC 5321): no more than a release needs, and told apart who has it when it goes wrong.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use crate::mail::Address;

/// How long is waited for a connection.
const CONNECT: Duration = Duration::from_secs(30);
/// How long is waited for an answer to a command (RFC 5321 §4.5.3.2: five minutes).
const COMMAND: Duration = Duration::from_secs(300);
/// How long is waited for the answer to the message (RFC 5321 §4.5.3.2.6: ten minutes).
const END: Duration = Duration::from_secs(600);
/// Longest line of an answer that is read; RFC 5321 §4.5.3.1.5 allows 512.
const LINE_BYTES_MAX: u64 = 4_096;
/// Most lines of an answer.
const LINES_MAX: usize = 100;
/// Bytes kept of an answer for people.
const ANSWER_BYTES_MAX: usize = 300;

/// What is handed over.
pub(super) struct Parcel<'a> {
    /// Host and port of the server.
    pub to: &'a str,
    /// Reverse-path; `None` for the null sender.
    pub sender: Option<&'a Address>,
    /// Forward-paths.
    pub recipients: &'a [Address],
    /// The message, as header fields and what follows.
    pub message: &'a [u8],
}

/// Who has the message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Handed {
    /// The server has it, for those whom it did not refuse.
    Taken {
        /// Those whom it refused, with what it said.
        refused: Vec<(Address, String)>,
        /// What it said in the end.
        answer: String,
    },
    /// Nobody but us has it; why.
    Kept(String),
    /// The server has all of it, and did not say whether it took it.
    Unanswered(String),
}

/// An answer of the server.
struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Reply {
    fn is_positive(&self) -> bool {
        (200..400).contains(&self.code)
    }

    /// On one line, for people.
    fn text(&self) -> String {
        let text = format!("{} {}", self.code, self.lines.join(" "));
        let text: String = text.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
        text[..text.floor_char_boundary(ANSWER_BYTES_MAX)].trim_end().to_owned()
    }
}

struct Session {
    stream: BufReader<TcpStream>,
}

/// Hands a message over. `before_end` is called when the server has all but the last line; where it fails, the message is
/// not handed over.
pub(super) fn hand_over(parcel: &Parcel<'_>, before_end: impl FnOnce() -> io::Result<()>) -> Handed {
    let (mut session, refused) = match begin(parcel) {
        Ok(begun) => begun,
        Err(why) => return Handed::Kept(why),
    };
    let sent = session.send_all(parcel.message).and_then(|()| before_end());
    if let Err(error) = sent {
        return Handed::Kept(format!("{}: {error}", parcel.to));
    }
    let ended = session.write(b".\r\n").and_then(|()| session.patience(END)).and_then(|()| session.reply());
    match ended {
        Ok(reply) if reply.is_positive() => {
            let answer = reply.text();
            // It is taken, whatever becomes of the goodbye.
            let _ = session.write(b"QUIT\r\n");
            Handed::Taken { refused, answer }
        }
        Ok(reply) => Handed::Kept(reply.text()),
        Err(error) => Handed::Unanswered(format!("{}: {error}", parcel.to)),
    }
}

/// Comes as far as the content; why not, in words.
fn begin(parcel: &Parcel<'_>) -> Result<(Session, Vec<(Address, String)>), String> {
    let broken = |error: io::Error| format!("{}: {error}", parcel.to);
    let (mut session, own) = Session::connect(parcel.to).map_err(broken)?;
    session.expect("")?;
    let greeted = session.expect(&format!("EHLO {own}"))?;
    let offers = |word: &str| {
        greeted
            .lines
            .iter()
            .skip(1)
            .any(|line| line.split_ascii_whitespace().next().is_some_and(|first| first.eq_ignore_ascii_case(word)))
    };
    let sender = parcel.sender.map(ToString::to_string).unwrap_or_default();
    let mut arguments = String::new();
    if !parcel.message.is_ascii() && offers("8BITMIME") {
        arguments.push_str(" BODY=8BITMIME");
    }
    if !sender.is_ascii() || parcel.recipients.iter().any(|one| !one.local().is_ascii()) {
        if !offers("SMTPUTF8") {
            return Err(format!("{} takes no addresses beyond ASCII (it does not offer SMTPUTF8)", parcel.to));
        }
        arguments.push_str(" SMTPUTF8");
    }
    session.expect(&format!("MAIL FROM:<{sender}>{arguments}"))?;
    let mut refused = Vec::new();
    for recipient in parcel.recipients {
        let reply = session.command(&format!("RCPT TO:<{recipient}>")).map_err(broken)?;
        if !reply.is_positive() {
            refused.push((recipient.clone(), reply.text()));
        }
    }
    if refused.len() == parcel.recipients.len() {
        return Err(refused.into_iter().next().map_or_else(|| "it has no recipient".to_owned(), |(_, said)| said));
    }
    session.expect("DATA")?;
    Ok((session, refused))
}

impl Session {
    /// Connects; the name by which to greet is this end's address (RFC 5321 §4.1.3).
    fn connect(to: &str) -> io::Result<(Self, String)> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
        for address in to.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, CONNECT) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    let own = match stream.local_addr()?.ip() {
                        IpAddr::V4(ip) => format!("[{ip}]"),
                        IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
                    };
                    let session = Self { stream: BufReader::new(stream) };
                    session.patience(COMMAND)?;
                    return Ok((session, own));
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn patience(&self, patience: Duration) -> io::Result<()> {
        self.stream.get_ref().set_read_timeout(Some(patience))?;
        self.stream.get_ref().set_write_timeout(Some(patience))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    fn command(&mut self, line: &str) -> io::Result<Reply> {
        if !line.is_empty() {
            self.write(format!("{line}\r\n").as_bytes())?;
        }
        self.reply()
    }

    /// Says a line, or only listens where it is empty, and hears a yes; else what was heard.
    fn expect(&mut self, line: &str) -> Result<Reply, String> {
        match self.command(line) {
            Ok(reply) if reply.is_positive() => Ok(reply),
            Ok(reply) => Err(reply.text()),
            Err(error) => Err(format!("the connection was lost: {error}")),
        }
    }

    fn reply(&mut self) -> io::Result<Reply> {
        let mut lines = Vec::new();
        while lines.len() < LINES_MAX {
            let mut line = Vec::new();
            self.stream.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
            let text = String::from_utf8_lossy(&line).into_owned();
            let code = text.get(..3).and_then(|code| code.parse().ok()).filter(|_| line.ends_with(b"\n"));
            let Some(code) = code else {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server hung up, or speaks no SMTP"));
            };
            lines.push(text.get(4..).unwrap_or_default().trim_end().to_owned());
            if text.as_bytes().get(3) != Some(&b'-') {
                return Ok(Reply { code, lines });
            }
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "the server's answer has no end"))
    }

    /// Sends the message with CRLF line ends and dots doubled at the beginning of lines, without the last dot.
    fn send_all(&mut self, message: &[u8]) -> io::Result<()> {
        let mut out = Vec::with_capacity(message.len() + 64);
        for line in message.strip_suffix(b"\n").unwrap_or(message).split(|byte| *byte == b'\n') {
            if line.starts_with(b".") {
                out.push(b'.');
            }
            out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
            out.extend_from_slice(b"\r\n");
        }
        self.write(&out)
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::sync::mpsc::channel;
    use std::thread;

    use super::*;

    fn to(texts: &[&str]) -> Vec<Address> {
        texts.iter().map(|text| Address::parse(text).expect("valid")).collect()
    }

    /// Hands a message over to a server that gives these answers, and hangs up behind the last; what it heard.
    fn check(answers: &'static [&'static str], recipients: &[&str], message: &str) -> (Handed, String) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let address = listener.local_addr().expect("bound").to_string();
        let (send, heard) = channel();
        thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a client");
            let mut out = stream.try_clone().expect("a socket");
            let mut lines = BufReader::new(stream);
            let mut said = String::new();
            for answer in answers {
                out.write_all(answer.as_bytes()).expect("open");
                let in_data = answer.starts_with("354");
                let mut line = String::new();
                while lines.read_line(&mut line).unwrap_or(0) > 0 {
                    said.push_str(&line);
                    let ended = !in_data || line == ".\r\n";
                    line.clear();
                    if ended {
                        break;
                    }
                }
            }
            send.send(said).expect("the test waits");
        });
        let (recipients, sender) = (to(recipients), to(&["s@x.example"]));
        let parcel =
            Parcel { to: &address, sender: sender.first(), recipients: &recipients, message: message.as_bytes() };
        let handed = hand_over(&parcel, || Ok(()));
        (handed, heard.recv().expect("the server ends"))
    }

    const HELLO: &str = "250-mx\r\n250 8BITMIME\r\n";

    #[test]
    fn a_message_is_handed_over_whole() {
        let answers = &["220 mx\r\n", HELLO, "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "250 2.0.0 queued as Q1\r\n"];
        let (handed, said) = check(answers, &["a@own.example"], "A: ä\n\n.\n..x\r\nlast");
        assert_eq!(handed, Handed::Taken { refused: Vec::new(), answer: "250 2.0.0 queued as Q1".to_owned() });
        let wanted = "MAIL FROM:<s@x.example> BODY=8BITMIME\r\nRCPT TO:<a@own.example>\r\nDATA\r\n\
                      A: ä\r\n\r\n..\r\n...x\r\nlast\r\n.\r\nQUIT\r\n";
        assert_eq!(said.split_once("\r\n").expect("lines"), ("EHLO [127.0.0.1]", wanted));
    }

    #[test]
    fn a_refused_recipient_is_told_apart() {
        let answers =
            &["220 mx\r\n", HELLO, "250 ok\r\n", "250 ok\r\n", "550 5.1.1 who\r\n", "354 go\r\n", "250 ok\r\n"];
        let (handed, _) = check(answers, &["a@own.example", "b@own.example"], "A: b\r\n");
        let refused = to(&["b@own.example"]).into_iter().map(|one| (one, "550 5.1.1 who".to_owned())).collect();
        assert_eq!(handed, Handed::Taken { refused, answer: "250 ok".to_owned() });
    }

    #[test]
    fn what_was_not_taken_is_kept_and_what_nobody_knows_is_said() {
        let kept = |answers, said: &str| {
            let (handed, _) = check(answers, &["a@own.example"], "A: b\r\n");
            assert!(matches!(&handed, Handed::Kept(why) if why.contains(said)), "{handed:?} lacks {said}");
        };
        kept(&["554 no\r\n"], "554 no");
        kept(&["220 mx\r\n"], "hung up");
        kept(&["220 mx\r\n", HELLO, "250 ok\r\n", "450 later\r\n"], "450 later");
        kept(&["220 mx\r\n", HELLO, "250 ok\r\n", "250 ok\r\n", "354 go\r\n", "451-not\r\n451 now\r\n"], "451 not now");
        let (handed, _) =
            check(&["220 mx\r\n", HELLO, "250 ok\r\n", "250 ok\r\n", "354 go\r\n"], &["a@own.example"], "A: b\r\n");
        assert!(matches!(&handed, Handed::Unanswered(why) if why.contains("hung up")), "{handed:?}");
    }

    #[test]
    fn nothing_is_handed_over_where_that_cannot_be_written_down() {
        let parcel = Parcel { to: "127.0.0.1:1", sender: None, recipients: &[], message: b"" };
        assert!(matches!(hand_over(&parcel, || Ok(())), Handed::Kept(_)), "nobody listens");
    }
}
