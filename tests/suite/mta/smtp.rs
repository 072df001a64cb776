//! An SMTP client that says what a test wants said, and keeps every answer.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer of the server.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Three digits.
    pub code: u16,
    /// The lines without their code.
    pub lines: Vec<String>,
}

/// What became of one attempt to send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The server took it: it answers for it from now on.
    Acknowledged,
    /// The server did not take it.
    Refused,
    /// The connection was lost when the whole message had been sent: nobody knows who has it.
    Unanswered,
}

/// What was answered to one message.
#[derive(Clone, Debug)]
pub struct Sent {
    /// To MAIL.
    pub sender: Answer,
    /// To each RCPT.
    pub recipients: Vec<Answer>,
    /// To the message, or to DATA where it was refused.
    pub end: Answer,
}

impl Sent {
    /// The code of the last word.
    pub fn code(&self) -> u16 {
        self.end.code
    }

    /// The queue id, where the server names it (`queued as ID`, `ID Message accepted`).
    pub fn id(&self) -> Option<String> {
        let text = self.end.lines.first()?;
        let words: Vec<_> = text.split_whitespace().collect();
        let after = words.windows(2).find(|pair| pair[0] == "as" && words.contains(&"queued"));
        after.map(|pair| pair[1]).or(words.get(1).copied()).map(str::to_owned)
    }
}

/// An SMTP session.
pub struct Smtp {
    stream: BufReader<TcpStream>,
    /// Whether the envelope goes out in one write (RFC 2920).
    pub pipelining: bool,
}

impl Smtp {
    /// Connects to a server on loopback and greets it.
    pub fn connect(port: u16) -> Self {
        let mut smtp = Self::dial(port);
        assert_eq!(smtp.answer().code, 220);
        assert_eq!(smtp.command("EHLO client.kith.test").code, 250);
        smtp
    }

    /// Connects without a word.
    pub fn dial(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_nodelay(true).expect("a TCP socket");
        stream.set_read_timeout(Some(Duration::from_secs(120))).expect("not zero");
        stream.set_write_timeout(Some(Duration::from_secs(120))).expect("not zero");
        Self { stream: BufReader::new(stream), pipelining: false }
    }

    /// As `connect`, from a foreign client: XCLIENT (Postfix), then EHLO in its name.
    pub fn connect_as(port: u16, address: &str, name: &str, helo: &str) -> Self {
        let mut smtp = Self::connect(port);
        let address = if address.contains(':') { format!("IPV6:{address}") } else { address.to_owned() };
        assert_eq!(smtp.command(&format!("XCLIENT ADDR={address} NAME={name}")).code, 220);
        assert_eq!(smtp.command(&format!("EHLO {helo}")).code, 250);
        smtp
    }

    /// Says one line and hears its answer.
    pub fn command(&mut self, line: &str) -> Answer {
        self.write(format!("{line}\r\n").as_bytes());
        self.answer()
    }

    /// Sends one message. Line ends and leading dots are taken care of.
    pub fn send(&mut self, sender: &str, recipients: &[&str], message: &[u8]) -> Sent {
        let mut lines = vec![format!("MAIL FROM:<{sender}>\r\n")];
        lines.extend(recipients.iter().map(|recipient| format!("RCPT TO:<{recipient}>\r\n")));
        lines.push("DATA\r\n".to_owned());
        let mut answers = Vec::new();
        if self.pipelining {
            self.write(lines.concat().as_bytes());
        }
        for line in &lines {
            if !self.pipelining {
                self.write(line.as_bytes());
            }
            answers.push(self.answer());
        }
        let mut end = answers.pop().expect("DATA was answered");
        if end.code == 354 {
            self.write(&stuffed(message));
            end = self.answer();
        }
        Sent { sender: answers.remove(0), recipients: answers, end }
    }

    /// One attempt to send a message in a session of its own, by a host that tries again later whatever goes wrong.
    pub fn attempt(port: u16, sender: &str, recipient: &str, message: &[u8]) -> Attempt {
        let mut smtp = Self::dial(port);
        let lines =
            ["", "EHLO client.kith.test", &format!("MAIL FROM:<{sender}>"), &format!("RCPT TO:<{recipient}>"), "DATA"];
        for line in lines {
            let said = if line.is_empty() { Ok(()) } else { smtp.try_write(format!("{line}\r\n").as_bytes()) };
            match said.and_then(|()| smtp.try_answer()) {
                Ok(answer) if answer.code < 400 => {}
                _ => return Attempt::Refused,
            }
        }
        match smtp.try_write(&stuffed(message)).and_then(|()| smtp.try_answer()) {
            Ok(answer) if answer.code == 250 => Attempt::Acknowledged,
            Ok(_) => Attempt::Refused,
            Err(_) => Attempt::Unanswered,
        }
    }

    /// Says something, whether or not an answer is due.
    pub fn write(&mut self, bytes: &[u8]) {
        self.try_write(bytes).expect("the server reads");
    }

    /// Hears the next answer.
    pub fn answer(&mut self) -> Answer {
        self.try_answer().expect("the server answers in time")
    }

    fn try_write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    fn try_answer(&mut self) -> io::Result<Answer> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let line = line.trim_end();
            let Some(code) = line.get(..3).and_then(|code| code.parse().ok()) else {
                return Err(io::Error::other(format!("the server hung up after {lines:?}{line:?}")));
            };
            lines.push(line.get(4..).unwrap_or_default().to_owned());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(Answer { code, lines });
            }
        }
    }
}

/// The message as DATA wants it: CRLF line ends, dots doubled at the beginning of lines, a lone dot at the end.
fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 16);
    for line in message.strip_suffix(b"\n").unwrap_or(message).split(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend(line.strip_suffix(b"\r").unwrap_or(line));
        out.extend(b"\r\n");
    }
    out.extend(b".\r\n");
    out
}

#[test]
fn a_message_is_dot_stuffed() {
    assert_eq!(stuffed(b"a\n.b\r\n..\n"), b"a\r\n..b\r\n...\r\n.\r\n");
    assert_eq!(stuffed(b"a"), b"a\r\n.\r\n");
}
