//! An MTA that brings messages by the milter protocol as fast as they are answered, and takes the time of each.

use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::letter::{Letter, frame};
use crate::load::{Answered, Load, run};

/// Longest wait for any answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Version 6, all changes, all that can be left out of the conversation: Postfix's offer.
const OFFER: [u8; 12] = [0, 0, 0, 6, 0, 0, 1, 0xff, 0, 0x1f, 0xff, 0xff];

/// Steps to which no reply may be due, since the frames of a message are written without waiting: header, connection,
/// HELO, MAIL, RCPT, end of header, body.
const QUIET: u32 = 0x000c_f080;

/// Where a milter listens.
#[derive(Clone, Debug)]
pub enum Socket {
    /// By TCP.
    Tcp(SocketAddr),
    /// By a unix socket.
    Unix(PathBuf),
}

impl Socket {
    /// In Postfix's spelling.
    pub fn milter(&self) -> String {
        match self {
            Self::Tcp(address) => format!("inet:{address}"),
            Self::Unix(path) => format!("unix:{}", path.display()),
        }
    }

    /// In one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Tcp(_) => "tcp",
            Self::Unix(_) => "unix",
        }
    }
}

/// Brings every message once, each in a connection of its own or as many in one as there are.
pub fn call(socket: &Socket, letters: &[Letter], load: Load) -> (Vec<Answered>, Duration) {
    run(letters, load.connections, || {
        let mut kept: Option<Caller> = None;
        move |letter| {
            let begun = Instant::now();
            let mut caller = match kept.take() {
                Some(mut caller) => {
                    caller.renew();
                    caller
                }
                None => Caller::connect(socket),
            };
            let answer = caller.bring(letter);
            let latency = begun.elapsed();
            if load.keeps_connection {
                kept = Some(caller);
            } else {
                caller.quit();
            }
            Answered { answer, latency }
        }
    })
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// A connection to a milter. TCP_NODELAY is not set on it, since Postfix does not set it either.
struct Caller {
    stream: BufReader<Box<dyn Stream>>,
    /// What precedes the next message.
    ahead: Vec<u8>,
}

impl Caller {
    fn connect(socket: &Socket) -> Self {
        let mut caller = Self { stream: BufReader::new(dial(socket).expect("Kith listens")), ahead: Vec::new() };
        let mut offer = Vec::new();
        frame(&mut offer, b'O', &OFFER);
        caller.write(&offer);
        let (letter, agreed) = caller.hear();
        let steps = agreed.get(8..12).map_or(0, |four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]));
        assert!(letter == b'O' && steps & QUIET == QUIET, "the milter asks to be waited for: {steps:#x}");
        caller
    }

    /// Ends the session of the last message; the next begins on the same socket.
    fn renew(&mut self) {
        frame(&mut self.ahead, b'K', &[]);
    }

    /// Brings one message, in two writes: Postfix's smtpd tells the envelope, and then its cleanup the content.
    fn bring(&mut self, letter: &Letter) -> &'static str {
        let mut opening = std::mem::take(&mut self.ahead);
        opening.extend_from_slice(&letter.opening);
        self.write(&opening);
        self.write(&letter.content);
        let (mut is_held, mut is_changed) = (false, false);
        loop {
            match self.hear().0 {
                b'p' => {}
                b'q' => is_held = true,
                b'h' | b'i' | b'm' | b'b' | b'e' | b'+' | b'-' => is_changed = true,
                b'c' | b'a' if is_held => return "held",
                b'c' | b'a' if is_changed => return "accepted with changes",
                b'c' | b'a' => return "accepted",
                b'd' => return "discarded",
                b'r' => return "rejected",
                b't' => return "tempfail",
                b'y' => return "replied",
                other => panic!("a milter does not answer {:?} to the end of a message", char::from(other)),
            }
        }
    }

    fn quit(mut self) {
        let mut goodbye = Vec::new();
        frame(&mut goodbye, b'Q', &[]);
        self.write(&goodbye);
    }

    fn write(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("the milter reads");
    }

    fn hear(&mut self) -> (u8, Vec<u8>) {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).expect("the milter answers in time");
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        self.stream.read_exact(&mut frame).expect("the milter sends whole frames");
        let payload = frame.split_off(1);
        (frame[0], payload)
    }
}

fn dial(socket: &Socket) -> io::Result<Box<dyn Stream>> {
    Ok(match socket {
        Socket::Tcp(address) => {
            let stream = TcpStream::connect(address)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            Box::new(stream)
        }
        Socket::Unix(path) => {
            let stream = UnixStream::connect(path)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            Box::new(stream)
        }
    })
}
