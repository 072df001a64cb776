//! The server: accepts connections within the limits, reloads, and drains.

use std::io;
use std::pin::pin;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;

use super::connection::converse;
use super::counters::{Counters, Counts};
use super::endpoint::Endpoint;
use super::listener::{BindError, Listeners, Stream};
use super::pulse::Pulse;
use super::settings::Settings;
use super::transaction::Filter;

/// Pause after a failed accept: such failures (no file descriptors left) end when connections do, not by asking again.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A milter that listens and has not begun to serve.
#[derive(Debug)]
pub struct Server<F: Filter> {
    listeners: Listeners,
    shared: Arc<Shared<F>>,
}

/// A handle on a server that serves: reload, and counters.
#[derive(Debug)]
pub struct Handle<F: Filter> {
    shared: Arc<Shared<F>>,
}

/// How the last connections ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections that had a message under way when the time was over; their MTAs will try again.
    pub unfinished: usize,
}

/// What a connection begins with and keeps to its end.
#[derive(Debug)]
pub(super) struct Snapshot<F> {
    pub(super) settings: Settings,
    pub(super) filter: Arc<F>,
}

#[derive(Debug)]
pub(super) struct Shared<F> {
    current: RwLock<Arc<Snapshot<F>>>,
    pub(super) counters: Counters,
}

impl<F: Filter> Server<F> {
    /// Binds all sockets. Sockets passed by systemd are taken instead of those of the settings. Needs a runtime.
    ///
    /// # Errors
    /// A socket cannot be had; nothing listens then.
    pub fn bind(settings: Settings, filter: Arc<F>) -> Result<Self, BindError> {
        let listeners = Listeners::bind(&settings)?;
        let current = RwLock::new(Arc::new(Snapshot { settings, filter }));
        Ok(Self { listeners, shared: Arc::new(Shared { current, counters: Counters::default() }) })
    }

    /// Where the server listens, with the ports that were free where the settings left the choice.
    pub fn endpoints(&self) -> Vec<Endpoint> {
        self.listeners.endpoints()
    }

    /// A handle that outlives [`Server::serve`].
    pub fn handle(&self) -> Handle<F> {
        Handle { shared: Arc::clone(&self.shared) }
    }

    /// Serves until `shutdown` is done, then drains: listening ends at once, connections without a message under way are
    /// closed, the others have `drain_seconds_max` to finish theirs. At `connections_max` no further connection is
    /// accepted until one ends; MTAs wait in the system's queue, and act by their default if it takes too long.
    pub async fn serve(mut self, shutdown: impl Future<Output = ()>) -> Drained {
        let _pulse = Pulse::start(tokio::runtime::Handle::current());
        let (drain, draining) = watch::channel(false);
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let has_room = connections.len() < self.shared.snapshot().settings.connections_max;
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(ended) = connections.join_next() => note(ended),
                accepted = self.listeners.accept(), if has_room => match accepted {
                    Ok(stream) => self.open(&mut connections, stream, draining.clone()),
                    Err(error) => refused(&error).await,
                },
            }
        }
        drop(self.listeners);
        drain.send_replace(true);
        let patience = Duration::from_secs(self.shared.snapshot().settings.drain_seconds_max);
        let mut over = pin!(sleep(patience));
        loop {
            tokio::select! {
                biased;
                ended = connections.join_next() => match ended {
                    Some(ended) => note(ended),
                    None => return Drained { unfinished: 0 },
                },
                () = &mut over => break,
            }
        }
        let unfinished = connections.len();
        log::warn!("{unfinished} connections did not finish their message in time; their MTAs will try again");
        connections.shutdown().await;
        Drained { unfinished }
    }

    fn open(&self, connections: &mut JoinSet<()>, stream: Stream, draining: watch::Receiver<bool>) {
        let shared = Arc::clone(&self.shared);
        match stream {
            Stream::Tcp(stream) => {
                let peer = stream.peer_addr().map_or_else(|_| "tcp".to_owned(), |address| address.to_string());
                connections.spawn(converse(stream, peer, shared, draining))
            }
            Stream::Unix(stream) => connections.spawn(converse(stream, "unix socket".to_owned(), shared, draining)),
        };
    }
}

impl<F: Filter> Handle<F> {
    /// Swaps settings and filter. Connections keep what they began with; new ones begin with these. Returns the keys that
    /// differ but cannot change while the server runs.
    pub fn reload(&self, settings: Settings, filter: Arc<F>) -> Vec<&'static str> {
        let mut current = self.shared.current.write().unwrap_or_else(PoisonError::into_inner);
        let unchangeable = current.settings.unchangeable(&settings);
        *current = Arc::new(Snapshot { settings, filter });
        unchangeable
    }

    /// The counters.
    pub fn counts(&self) -> Counts {
        self.shared.counters.counts()
    }
}

impl<F: Filter> Clone for Handle<F> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<F> Shared<F> {
    /// What a connection that opens now begins with.
    pub(super) fn snapshot(&self) -> Arc<Snapshot<F>> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Connections end by themselves; one that panicked lost its MTA's messages under way, which must be seen.
fn note(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        log::error!("a milter connection broke off: {error}");
    }
}

async fn refused(error: &io::Error) {
    log::warn!("cannot accept a milter connection: {error}");
    sleep(ACCEPT_PAUSE).await;
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::mpsc::{Sender, channel};
    use std::task::{Context, Poll};

    use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};

    use super::super::transaction::{Answer, Lapse, Reply, Transaction};
    use super::super::transport::Transport;
    use super::*;

    struct Passing;

    impl Filter for Passing {
        async fn answer(&self, _transaction: Transaction) -> Answer {
            Answer::plain(Reply::Continue)
        }

        fn lapse(&self, _lapse: Lapse, _queue_id: Option<&str>, _why: &str) -> Answer {
            Answer::plain(Reply::Continue)
        }
    }

    /// Tells what is done with it.
    struct Told(DuplexStream, Sender<String>);

    impl AsyncRead for Told {
        fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            let poll = Pin::new(&mut self.0).poll_read(cx, to);
            if !to.filled().is_empty() {
                let _ = self.1.send(format!("read {}", to.filled().len()));
            }
            poll
        }
    }

    impl AsyncWrite for Told {
        fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            let _ = self.1.send(format!("wrote {}", bytes.len()));
            Pin::new(&mut self.0).poll_write(cx, bytes)
        }

        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_flush(cx)
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_shutdown(cx)
        }
    }

    impl Transport for Told {
        fn acknowledge(&self) {
            let _ = self.1.send("acknowledged".to_owned());
        }
    }

    #[tokio::test]
    async fn what_needs_no_answer_is_acknowledged() {
        let snapshot = Snapshot { settings: Settings::default(), filter: Arc::new(Passing) };
        let shared = Shared { current: RwLock::new(Arc::new(snapshot)), counters: Counters::default() };
        let (mut mta, ours) = tokio::io::duplex(1_000);
        let ((tell, told), (_drain, draining)) = (channel(), watch::channel(false));
        let conversation = tokio::spawn(converse(Told(ours, tell), "mta".to_owned(), Arc::new(shared), draining));
        let mut say = async |bytes: &[u8], answer: usize| {
            mta.write_all(bytes).await.expect("read");
            mta.read_exact(&mut vec![0; answer]).await.expect("answered");
        };
        say(b"\0\0\0\x0dO\0\0\0\x06\0\0\0\0\0\x1f\xff\xff", 17).await;
        say(b"\0\0\0\x04M<>\0", 0).await;
        drop(mta);
        conversation.await.expect("no panic");
        let events: Vec<String> = told.try_iter().collect();
        let at = events.iter().position(|event| event == "read 8").expect("the envelope was read");
        assert_eq!(events[at + 1], "acknowledged", "{events:?}");
    }
}
