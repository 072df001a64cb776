//! How messages are spread over connections, and what came of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::letter::Letter;

/// Between these, a wait for a delayed acknowledgement of TCP shows (Linux: 40 ms).
const STALL: std::ops::Range<Duration> = Duration::from_millis(38)..Duration::from_millis(60);

/// How one run loads the server.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Connections at a time.
    pub connections: usize,
    /// Whether a connection brings one message after another.
    pub keeps_connection: bool,
}

/// What became of one message.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    /// The answer, in a word or two.
    pub answer: &'static str,
    /// From the first byte, a new connection included, to the last word of the answer.
    pub latency: Duration,
}

/// Has so many workers, each made by `worker`, take message after message in order, and gives the answers in the order of
/// the messages, with the time that it took all in all.
pub fn run<W>(letters: &[Letter], workers: usize, worker: impl Fn() -> W + Sync) -> (Vec<Answered>, Duration)
where
    W: FnMut(&Letter) -> Answered,
{
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    let mut answered: Vec<(usize, Answered)> = thread::scope(|scope| {
        let spawn = || {
            scope.spawn(|| {
                let mut work = worker();
                let mut own = Vec::new();
                while let Some((at, letter)) = take(letters, &next) {
                    own.push((at, work(letter)));
                }
                own
            })
        };
        let all: Vec<_> = (0..workers).map(|_| spawn()).collect();
        all.into_iter().flat_map(|one| one.join().expect("the server failed a message")).collect()
    });
    let took = begun.elapsed();
    answered.sort_by_key(|(at, _)| *at);
    (answered.into_iter().map(|(_, one)| one).collect(), took)
}

fn take<'a>(letters: &'a [Letter], next: &AtomicUsize) -> Option<(usize, &'a Letter)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    Some((at, letters.get(at)?))
}

/// The figures of one run.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Messages.
    pub messages: usize,
    /// Messages a second.
    pub rate: f64,
    /// Latency of half, of 95 and 99 in a hundred, and of the slowest, in milliseconds.
    pub latency_ms: [f64; 4],
    /// Messages that took as long as a delayed acknowledgement.
    pub stalled: usize,
    /// How many were answered how.
    pub answers: BTreeMap<&'static str, usize>,
}

impl Figures {
    /// Of all answers, of which there is at least one.
    pub fn of(answered: &[Answered], took: Duration) -> Self {
        let mut latencies: Vec<_> = answered.iter().map(|one| one.latency).collect();
        latencies.sort_unstable();
        // The smallest latency that so many in a hundred do not exceed.
        let part = |hundredths: usize| {
            let at = (latencies.len() * hundredths).div_ceil(100).max(1) - 1;
            latencies[at].as_secs_f64() * 1_000.0
        };
        let mut answers = BTreeMap::new();
        for one in answered {
            *answers.entry(one.answer).or_default() += 1;
        }
        Self {
            messages: answered.len(),
            rate: answered.len() as f64 / took.as_secs_f64(),
            latency_ms: [50, 95, 99, 100].map(part),
            stalled: latencies.iter().filter(|latency| STALL.contains(*latency)).count(),
            answers,
        }
    }
}
