//! An MTA for tests of the milter's server: speaks frames, and a filter whose conduct each message chooses.

use std::sync::Mutex;
use std::sync::mpsc::Sender;

use kith::milter::{Answer, Edit, Filter, Lapse, Reply, Transaction};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

/// One connection of an MTA that needs no replies.
pub struct Mta<S> {
    stream: S,
}

impl Mta<TcpStream> {
    /// Connects by TCP (`inet:host:port`) and negotiates.
    pub async fn connect(endpoint: &str) -> Self {
        let mut mta = Self::dial(endpoint).await.expect("connects");
        mta.negotiate().await;
        mta
    }

    /// Connects without a word.
    pub async fn dial(endpoint: &str) -> std::io::Result<Self> {
        let (_, address) = endpoint.split_once(':').expect("inet:host:port");
        Ok(Self { stream: TcpStream::connect(address).await? })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Mta<S> {
    /// Speaks over this stream.
    pub fn over(stream: S) -> Self {
        Self { stream }
    }

    /// Sends one frame.
    pub async fn say(&mut self, kind: u8, payload: &[u8]) {
        let mut bytes = u32::try_from(payload.len() + 1).expect("short").to_be_bytes().to_vec();
        bytes.push(kind);
        bytes.extend_from_slice(payload);
        self.stream.write_all(&bytes).await.expect("the milter reads");
    }

    /// The next frame; `None` when the connection was closed.
    pub async fn hear(&mut self) -> Option<(char, Vec<u8>)> {
        let length = self.stream.read_u32().await.ok()?;
        let mut frame = vec![0; length as usize];
        self.stream.read_exact(&mut frame).await.ok()?;
        Some((char::from(frame[0]), frame[1..].to_vec()))
    }

    /// The letter of the next frame, or `.` when the connection was closed.
    pub async fn letter(&mut self) -> char {
        self.hear().await.map_or('.', |(letter, _)| letter)
    }

    /// Offers everything, and hears what is asked for.
    pub async fn negotiate(&mut self) {
        self.say(b'O', b"\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff").await;
        assert_eq!(self.letter().await, 'O');
    }

    /// Sends a message whose body tells the filter what to do, and does not wait for the answer.
    pub async fn send(&mut self, body: &str) {
        self.say(b'M', b"<anna@example.org>\0").await;
        self.say(b'R', b"<bert@example.net>\0").await;
        self.say(b'L', b"Subject\0 test\0").await;
        self.say(b'N', b"").await;
        self.say(b'B', body.as_bytes()).await;
        self.say(b'E', b"").await;
    }

    /// Sends a message; the letter of the answer.
    pub async fn ask(&mut self, body: &str) -> char {
        self.send(body).await;
        self.letter().await
    }
}

/// A filter that does as the body of a message says; *continue* otherwise. The policy for a missing answer is *reject*.
pub struct Conduct {
    /// Lets waiting messages go on.
    pub go: Semaphore,
    /// Why the policy was asked.
    pub whys: Mutex<Vec<String>>,
    /// Told what happens: `thinking`, `dropped`, `sent true`, `sent false`.
    events: Mutex<Sender<&'static str>>,
    /// Releases a filter that blocks its thread.
    pub unblock: Mutex<std::sync::mpsc::Receiver<()>>,
}

impl Conduct {
    /// A filter that tells its events there and blocks until told here.
    pub fn new(events: Sender<&'static str>, unblock: std::sync::mpsc::Receiver<()>) -> Self {
        Self { go: Semaphore::new(0), whys: Mutex::default(), events: Mutex::new(events), unblock: Mutex::new(unblock) }
    }

    fn tell(&self, event: &'static str) {
        // A test that does not listen has dropped its end.
        let _ = self.events.lock().expect("no panic").send(event);
    }
}

/// Tells that the filter's work ended, in whatever way.
struct Told<'a>(&'a Conduct);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        self.0.tell("dropped");
    }
}

impl Filter for Conduct {
    async fn answer(&self, transaction: Transaction) -> Answer {
        let body = String::from_utf8_lossy(&transaction.raw);
        let body = body.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let _told = Told(self);
        self.tell("thinking");
        let mut edits = Vec::new();
        match body.split_whitespace().next() {
            Some("wait") => self.go.acquire().await.expect("open").forget(),
            Some("never") => std::future::pending().await,
            Some("panic") => panic!("as the message asked"),
            Some("block") => self.unblock.lock().expect("no panic").recv().expect("the test unblocks"),
            Some("flood") => edits.push(Edit::ReplaceBody(vec![b'x'; 67_108_864])),
            _ => (),
        }
        let events = self.events.lock().expect("no panic").clone();
        let sent = move |ok| {
            let _ = events.send(if ok { "sent true" } else { "sent false" });
        };
        let reply = if body.starts_with("discard") { Reply::Discard } else { Reply::Continue };
        Answer { edits, reply, sent: Some(Box::new(sent)) }
    }

    fn lapse(&self, _lapse: Lapse, _queue_id: Option<&str>, why: &str) -> Answer {
        self.whys.lock().expect("no panic").push(why.to_owned());
        assert!(!why.contains("message_bytes_max"), "the policy itself fails here");
        Answer::plain(Reply::Reject)
    }
}
