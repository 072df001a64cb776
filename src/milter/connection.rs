//! One connection: reads, lets the filter think while the MTA is kept patient, and writes each answer in one piece.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep_until, timeout};

use super::counters::{Counters, Share, count};
use super::server::{Shared, Snapshot};
use super::session::{Event, Session};
use super::transaction::{Answer, Filter, Lapse, Reply, Transaction};
use super::transport::Transport;
use super::wire::Fault;
use crate::mail::{Envelope, Moment};

/// Bytes read at once: more than the mean message (5 KB) with all its commands.
const READ_BYTES: usize = 16_384;
/// Room that the output may keep between answers; a replaced body would be paid for until the end otherwise.
const OUTPUT_BYTES_KEPT: usize = 16_384;

/// Why a connection ended.
#[derive(Debug)]
enum End {
    /// The MTA said goodbye, or closed between messages.
    Quit,
    /// The MTA closed with a message under way.
    Gone,
    /// Nothing came for too long.
    Idle,
    /// The server stops.
    Drained,
    /// The protocol was broken.
    Fault(Fault),
    /// The socket failed.
    Io(io::Error),
}

struct Connection<'a, F: Filter, S> {
    stream: S,
    session: Session,
    snapshot: &'a Snapshot<F>,
    counters: &'a Counters,
    /// The part of `in_flight_bytes` that is this connection's.
    held: Share,
    buffer: Box<[u8]>,
    /// The bytes of `buffer` that were read and not yet taken.
    unread: std::ops::Range<usize>,
}

/// Talks with one MTA until one side ends it.
pub(super) async fn converse<F: Filter, S: Transport>(
    stream: S,
    peer: String,
    shared: Arc<Shared<F>>,
    draining: watch::Receiver<bool>,
) {
    let snapshot = shared.snapshot();
    let counters = &shared.counters;
    count(&counters.connections_total);
    let _open = Share::new(&counters.connections, 1);
    let mut connection = Connection {
        stream,
        session: Session::new(&snapshot.settings),
        snapshot: &snapshot,
        counters,
        held: Share::new(&counters.in_flight_bytes, 0),
        buffer: vec![0; READ_BYTES].into_boxed_slice(),
        unread: 0..0,
    };
    let Err(end) = connection.run(draining).await;
    match end {
        End::Quit | End::Drained => log::debug!("{peer}: milter connection closed: {end:?}"),
        End::Gone => log::info!("{peer}: the MTA closed its connection with a message under way"),
        End::Idle => log::info!("{peer}: closed, since nothing came for idle_seconds_max"),
        End::Io(error) => log::info!("{peer}: milter connection failed: {error}"),
        End::Fault(fault) => {
            count(&counters.faults_total);
            log::warn!("{peer}: closed: {fault}");
        }
    }
}

impl<F: Filter, S: Transport> Connection<'_, F, S> {
    async fn run(&mut self, mut draining: watch::Receiver<bool>) -> Result<std::convert::Infallible, End> {
        let patience = self.patience();
        loop {
            self.hear().await?;
            self.stream.acknowledge();
            let is_idle = self.session.is_idle();
            let read = tokio::select! {
                biased;
                () = stopped(&mut draining), if is_idle => return Err(End::Drained),
                read = timeout(patience, self.stream.read(&mut self.buffer)) => read,
            };
            match read {
                Err(_) => return Err(End::Idle),
                Ok(Ok(0)) if is_idle => return Err(End::Quit),
                Ok(Ok(0)) => return Err(End::Gone),
                Ok(Ok(bytes)) => self.unread = 0..bytes,
                Ok(Err(error)) => return Err(End::Io(error)),
            }
        }
    }

    /// Acts upon everything that was read.
    async fn hear(&mut self) -> Result<(), End> {
        loop {
            let (taken, event) = self.session.take(&self.buffer[self.unread.clone()]).map_err(End::Fault)?;
            self.unread.start += taken;
            self.weigh();
            match event {
                None => return self.flush().await,
                Some(Event::Quit) => {
                    self.flush().await?;
                    return Err(End::Quit);
                }
                Some(Event::Message { envelope, raw }) => self.answer(*envelope, raw).await?,
                Some(Event::Beyond { beyond, queue_id }) => {
                    count(&self.counters.messages_total);
                    count(&self.counters.beyond_total);
                    let answer = self.policy(Lapse::Limit, &beyond.to_string(), queue_id.as_deref());
                    self.send(answer).await?;
                }
            }
        }
    }

    /// Accounts for the memory that the message under way holds; the one that goes beyond what all may hold is given up.
    fn weigh(&mut self) {
        let held = self.session.held_bytes();
        if held == self.held.size() {
            return;
        }
        let max = self.snapshot.settings.in_flight_bytes_max;
        if self.held.resize(held) > max {
            self.session.shed("in_flight_bytes_max", max);
            self.held.resize(self.session.held_bytes());
        }
    }

    async fn answer(&mut self, envelope: Envelope, raw: Vec<u8>) -> Result<(), End> {
        count(&self.counters.messages_total);
        let queue_id = envelope.queue_id.clone();
        let mut place = Share::new(&self.counters.in_flight, 0);
        let max = self.snapshot.settings.in_flight_max;
        let answer = if place.resize(1) > max {
            count(&self.counters.overload_total);
            {
                let why = format!("overload: in_flight_max = {max} messages are being answered");
                self.policy(Lapse::Overload, &why, queue_id.as_deref())
            }
        } else {
            self.think(envelope, raw, place, queue_id.as_deref()).await?
        };
        self.send(answer).await
    }

    /// Lets the filter think, in a task of its own, so that neither a panic nor a loop that never yields takes the
    /// connection with it. The MTA is told at intervals that there is progress; if it goes away, the work is dropped.
    async fn think(
        &mut self,
        envelope: Envelope,
        raw: Vec<u8>,
        place: Share,
        queue_id: Option<&str>,
    ) -> Result<Answer, End> {
        let settings = &self.snapshot.settings;
        let (begun, pulse) = (Instant::now(), Duration::from_secs(settings.progress_seconds));
        let deadline = begun + Duration::from_secs(settings.answer_seconds_max);
        let transaction = Transaction { envelope, raw, received_at: Moment::now(), deadline };
        let filter = Arc::clone(&self.snapshot.filter);
        // The task owns its place: one that was given up and does not yield still counts, for place and memory are taken.
        let weight = Share::new(&self.counters.in_flight_bytes, transaction.raw.capacity());
        let mut thought = Thought(tokio::spawn(async move {
            let _kept = (place, weight);
            filter.answer(transaction).await
        }));
        let mut wake = pin!(sleep_until(deadline.min(begun + pulse).into()));
        self.make_room();
        loop {
            tokio::select! {
                biased;
                answer = &mut thought.0 => return Ok(answer.unwrap_or_else(|error| {
                    count(&self.counters.panics_total);
                    self.policy(Lapse::Panic, &format!("the filter failed: {error}"), queue_id)
                })),
                () = &mut wake => {
                    let now = Instant::now();
                    if now >= deadline {
                        count(&self.counters.overdue_total);
                        let max = settings.answer_seconds_max;
                        let why = format!("no answer within answer_seconds_max = {max}");
                        return Ok(self.policy(Lapse::Overdue, &why, queue_id));
                    }
                    self.session.progress();
                    self.flush().await?;
                    wake.as_mut().reset(deadline.min(now + pulse).into());
                }
                read = self.stream.read(&mut self.buffer[self.unread.end..]), if self.unread.end < READ_BYTES => {
                    match read {
                        Ok(bytes) if bytes > 0 => self.unread.end += bytes,
                        ended => {
                            count(&self.counters.abandoned_total);
                            return Err(ended.err().map_or(End::Gone, End::Io));
                        }
                    }
                }
            }
        }
    }

    /// Moves what was read and not taken to the front of the buffer, to read on behind it.
    fn make_room(&mut self) {
        self.buffer.copy_within(self.unread.clone(), 0);
        self.unread = 0..self.unread.len();
    }

    /// What the policy says for a message that has no answer of its own; a temporary failure if even that fails.
    fn policy(&self, lapse: Lapse, why: &str, queue_id: Option<&str>) -> Answer {
        log::warn!("{}: {why}", queue_id.unwrap_or("-"));
        let filter = &self.snapshot.filter;
        catch_unwind(AssertUnwindSafe(|| filter.lapse(lapse, queue_id, why))).unwrap_or_else(|_| {
            count(&self.counters.panics_total);
            Answer::plain(Reply::Tempfail)
        })
    }

    async fn send(&mut self, mut answer: Answer) -> Result<(), End> {
        let receipt = Receipt(answer.sent.take());
        self.session.answer(&answer);
        self.flush().await?;
        receipt.sign();
        Ok(())
    }

    /// Writes the output in one piece.
    async fn flush(&mut self) -> Result<(), End> {
        let patience = self.patience();
        let output = self.session.output();
        if output.is_empty() {
            return Ok(());
        }
        let written = timeout(patience, self.stream.write_all(output)).await;
        output.clear();
        output.shrink_to(OUTPUT_BYTES_KEPT);
        written.map_err(|_| End::Idle)?.map_err(End::Io)
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(self.snapshot.settings.idle_seconds_max)
    }
}

/// The filter's work on one message, given up when nobody waits for it any more.
struct Thought(JoinHandle<Answer>);

impl Drop for Thought {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The promise to tell whether an answer was sent: `false` unless it is signed, however the connection ends.
struct Receipt(Option<Box<dyn FnOnce(bool) + Send>>);

impl Receipt {
    fn sign(mut self) {
        self.tell(true);
    }

    fn tell(&mut self, sent: bool) {
        let Some(callback) = self.0.take() else { return };
        // What the filter does behind its answer must not cost the connection the messages that follow.
        if catch_unwind(AssertUnwindSafe(|| callback(sent))).is_err() {
            log::error!("what follows an answer panicked");
        }
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        self.tell(false);
    }
}

/// Done when the server stops.
async fn stopped(draining: &mut watch::Receiver<bool>) {
    // The sender lives as long as the server; if it is gone, so is the server.
    let _ = draining.wait_for(|stop| *stop).await.is_ok();
}
