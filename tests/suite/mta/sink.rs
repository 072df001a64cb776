//! The far end: an SMTP server that keeps what is delivered, and is slow or fails when told to.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::until;

/// A message that arrived.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// Of MAIL, without brackets.
    pub sender: String,
    /// Of RCPT, without brackets.
    pub recipients: Vec<String>,
    /// As it came, CRLF line ends, dots taken out.
    pub message: String,
}

impl Delivered {
    /// The values of a header field, unfolded, topmost first.
    pub fn header(&self, name: &str) -> Vec<String> {
        let head =
            self.message.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n\t", " ").replace("\r\n ", " ");
        let fields = head.lines().filter_map(|line| line.split_once(':'));
        let wanted = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
        wanted.map(|(_, value)| value.trim().to_owned()).collect()
    }
}

/// How the sink treats what comes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Mood {
    /// Takes everything at once.
    #[default]
    Prompt,
    /// Takes everything, each message after this long.
    Slow(Duration),
    /// Answers every message with this code.
    Fails(u16),
}

#[derive(Default)]
struct State {
    mood: Mutex<Mood>,
    delivered: Mutex<Vec<Delivered>>,
    closed: AtomicBool,
}

/// A listening sink; it ends when dropped.
pub struct Sink {
    port: u16,
    state: Arc<State>,
}

impl Sink {
    /// Listens on loopback.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("a bound socket").port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().take_while(|_| !shared.closed.load(Ordering::Relaxed)) {
                let (state, Ok(stream)) = (Arc::clone(&shared), stream) else { continue };
                // A client that hangs up ends its own thread alone.
                thread::spawn(move || serve(stream, &state));
            }
        });
        Self { port, state }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Changes how messages are treated from now on.
    pub fn set_mood(&self, mood: Mood) {
        *lock(&self.state.mood) = mood;
    }

    /// All that has arrived, in order.
    pub fn delivered(&self) -> Vec<Delivered> {
        lock(&self.state.delivered).clone()
    }

    /// Waits until so many messages have arrived.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> Vec<Delivered> {
        until(&format!("{count} messages at the sink"), || Some(self.delivered()).filter(|all| all.len() >= count))
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.state.closed.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees the end.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(stream: TcpStream, state: &State) -> Option<()> {
    stream.set_read_timeout(Some(Duration::from_secs(300))).ok()?;
    let mut out = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream).split(b'\n');
    let (mut sender, mut recipients) = (String::new(), Vec::new());
    out.write_all(b"220 sink.kith.test ESMTP\r\n").ok()?;
    while let Some(Ok(line)) = lines.next() {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "MAIL" => {
                sender = address(&line);
                recipients.clear();
                "250 2.1.0 ok"
            }
            "RCPT" => {
                recipients.push(address(&line));
                "250 2.1.5 ok"
            }
            "DATA" => {
                out.write_all(b"354 go on\r\n").ok()?;
                let message = read_message(&mut lines)?;
                let delivered = Delivered { sender: sender.clone(), recipients: recipients.clone(), message };
                out.write_all(receive(delivered, state).as_bytes()).ok()?;
                continue;
            }
            "QUIT" => {
                out.write_all(b"221 2.0.0 bye\r\n").ok()?;
                return Some(());
            }
            _ => "250 sink.kith.test",
        };
        out.write_all(format!("{answer}\r\n").as_bytes()).ok()?;
    }
    Some(())
}

fn receive(delivered: Delivered, state: &State) -> String {
    let mood = *lock(&state.mood);
    if let Mood::Slow(delay) = mood {
        thread::sleep(delay);
    }
    if let Mood::Fails(code) = mood {
        return format!("{code} {}.0.0 as told\r\n", code / 100);
    }
    lock(&state.delivered).push(delivered);
    "250 2.0.0 kept\r\n".to_owned()
}

fn read_message(lines: &mut impl Iterator<Item = std::io::Result<Vec<u8>>>) -> Option<String> {
    let mut message = String::new();
    loop {
        let line = lines.next()?.ok()?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches('\r');
        if line == "." {
            return Some(message);
        }
        message.push_str(line.strip_prefix('.').unwrap_or(line));
        message.push_str("\r\n");
    }
}

/// What stands between the brackets of MAIL or RCPT.
fn address(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
