//! What it costs to measure all signals of a message of which a baseline knows much, and which signals cost most:
//! `cargo bench --bench signals -- FOLDER`.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Parser;
use kith::baseline::{self, Baselines, Observation, Query};
use kith::evidence::Evidence;
use kith::filter::Origin;
use kith::mail::{Envelope, Moment, Organisation};
use kith::{auth, mailbox, message, signals};

/// Measures all signals of all messages, with a baseline that learned the same mail before.
#[derive(Parser)]
struct Options {
    /// Folder of mail [default: the test corpus]
    mail: Option<PathBuf>,
    /// Messages at most
    #[arg(long, default_value_t = 3_000)]
    messages: usize,
    /// Rounds over all of them; the quickest is told beside the mean, since other work on the machine only adds
    #[arg(long, default_value_t = 10)]
    rounds: u32,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// Days for which the mail comes again and again before: enough for habits and rhythms.
const DAYS: i64 = 10;

fn main() -> io::Result<()> {
    let options = Options::parse();
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let stored = mailbox::read(&[options.mail.unwrap_or(own)]).take(options.messages);
    let raw = stored.map(|stored| stored.map(|stored| stored.raw)).collect::<Result<Vec<_>, _>>();
    let raw = raw.map_err(io::Error::other)?;
    let limits = message::Settings::default();
    let (organisation, results) = (Organisation::default(), auth::AuthResults::default());
    let state = tempfile::tempdir()?;
    let baselines = Baselines::open(state.path(), &baseline::Settings::default()).map_err(io::Error::other)?;
    let query = |message: &message::Message, envelope: &Envelope, at: Moment| {
        let mut query = Query::of(envelope, message, &results, &organisation, at);
        query.take_for_authentic();
        query
    };
    for day in 0..DAYS {
        for raw in &raw {
            let message = message::parse(raw, &limits);
            let envelope = Origin::default().envelope(&message, &organisation);
            let mut query = query(&message, &envelope, Moment::from_secs(day * 86_400));
            query.message_id = format!("{day} {}", query.message_id);
            baselines.learn_now(&Observation { query, delivered: true, refused: false });
        }
    }
    let now = Moment::from_secs(DAYS * 86_400);
    let (mut all, mut quickest) = (Duration::ZERO, Duration::MAX);
    let mut single = vec![Duration::MAX; signals::registry().len()];
    for _ in 0..options.rounds {
        let mut round = Duration::ZERO;
        let mut each = vec![Duration::ZERO; single.len()];
        // In parts, so that the clock, which is read around each of them, costs little.
        for part in raw.chunks(100) {
            let parsed: Vec<_> = part.iter().map(|raw| message::parse(raw, &limits)).collect();
            let known: Vec<_> = parsed
                .iter()
                .map(|message| {
                    let envelope = Origin::default().envelope(message, &organisation);
                    let known = baselines.recall(&query(message, &envelope, now));
                    (message, envelope, known)
                })
                .collect();
            let evidence = || {
                known.iter().map(|(message, envelope, known)| {
                    Evidence::new(envelope, message, &results, known, &organisation, now)
                })
            };
            let before = processor_time();
            evidence().for_each(|evidence| drop(std::hint::black_box(signals::measure(&evidence))));
            round += processor_time() - before;
            // What several signals need is computed already, and is no signal's own.
            let warm: Vec<_> = evidence().inspect(|evidence| drop(signals::measure(evidence))).collect();
            for (signal, time) in signals::registry().iter().zip(&mut each) {
                // By the clock: the system counts processor time by the tick, which is too coarse here.
                let started = Instant::now();
                for evidence in &warm {
                    std::hint::black_box((signal.measure)(evidence));
                }
                *time += started.elapsed();
            }
        }
        all += round;
        quickest = quickest.min(round);
        single.iter_mut().zip(each).for_each(|(least, time)| *least = time.min(*least));
    }
    let micros = |time: Duration| time.as_secs_f64() * 1e6 / raw.len().max(1) as f64;
    println!(
        "{} signals of {} messages: {:.1} us of processor time a message (mean of {} rounds; quickest {:.1})",
        single.len(),
        raw.len(),
        micros(all / options.rounds.max(1)),
        options.rounds,
        micros(quickest)
    );
    let mut single: Vec<_> = signals::registry().iter().map(|signal| signal.name).zip(single).collect();
    single.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    println!("each for itself, what it shares with others aside:");
    single.iter().take(8).for_each(|(name, time)| println!("  {:>7.2} us  {name}", micros(*time)));
    Ok(())
}

/// Processor time of this thread.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(stat.split_whitespace().next().and_then(|field| field.parse().ok()).unwrap_or(0))
}
