//! What the baselines cost with a store of a given size: processor time of recall and learn, memory, disk, and how long
//! a store takes to open after its process was killed. `tests/bench/README.md` tells how to run it.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use clap::Parser;
use kith::baseline::{Baselines, Observation, Settings};

#[path = "baseline/people.rs"]
mod people;
#[path = "baseline/process.rs"]
mod process;
#[path = "baseline/shared.rs"]
mod shared;

use people::{Draw, People};
use process::{merging_time, own_time, processor_time, resident, size, writer_time};

/// Measures the baselines with a store of each size.
#[derive(Parser)]
struct Options {
    /// Relationships in the store, smallest first: it grows from one to the next
    #[arg(default_values_t = [100_000_u64])]
    pairs: Vec<u64>,
    /// Messages to recall and learn while it is measured
    #[arg(long, default_value_t = 20_000)]
    messages: u64,
    /// How it is drawn who writes them; one row for each
    #[arg(long, value_enum, default_values_t = [Draw::Even, Draw::Zipf])]
    draw: Vec<Draw>,
    /// Where the store is made, and removed again [default: the system's folder for temporary files]
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Bytes of memory for blocks of the store while it is measured, as `baseline.cache_bytes_max`; a small number shows
    /// what a message costs of which nothing is in memory
    #[arg(long)]
    cache: Option<u64>,
    /// Measure two hosts instead that share their baselines by this store, as `redis://127.0.0.1:6379`; all keys begin with
    /// `kith-bench:`, and stay there to be looked at
    #[arg(long)]
    shared: Option<String>,
    /// It is a cluster
    #[arg(long)]
    cluster: bool,
    /// Fill this store and go on until killed: what the bench asks of a second process
    #[arg(long, hide = true)]
    fill: Option<PathBuf>,
    /// Relationships that it has already
    #[arg(long, hide = true, default_value_t = 0)]
    from: u64,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// What a run gave, for one message each.
struct Cost {
    /// Time on the clock of a recall.
    recall: Duration,
    /// Processor time of recall and learn, of all but the store's own threads.
    own: Duration,
    /// Processor time of the store's own threads, until they rest: writing and merging of files.
    merging: Duration,
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    if let Some(dir) = &options.fill {
        return fill_until_killed(dir, options.from, options.pairs[0]);
    }
    if let Some(address) = &options.shared {
        return options.pairs.iter().try_for_each(|pairs| shared::shared(&options, address, *pairs));
    }
    println!(
        "                                   recall   CPU ms a message                      memory MiB     after kill -9"
    );
    println!(
        "relationships     disk   drawn  ms, clock   recall and learn   merging     all   resident (most)   open again"
    );
    let folder = match &options.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let (dir, mut from) = (folder.path().join("baseline"), 0);
    for pairs in &options.pairs {
        let (filled, line) = filled_and_killed(&dir, from, *pairs)?;
        let started = Instant::now();
        let usual = Settings::default();
        let settings = Settings { cache_bytes_max: options.cache.unwrap_or(usual.cache_bytes_max), ..usual };
        let baselines = Baselines::open(&dir, &settings).map_err(io::Error::other)?;
        let opened = started.elapsed();
        settle();
        for draw in &options.draw {
            let cost = measured(&baselines, *draw, *pairs, options.messages);
            let (memory, most) = resident();
            println!(
                "{pairs:>13} {:>4} MiB {:>7} {:>10.3} {:>18.3} {:>9.3} {:>7.3} {:>10} {:>6} {:>10.2} s",
                size(&dir) >> 20,
                format!("{draw:?}").to_lowercase(),
                milliseconds(cost.recall),
                milliseconds(cost.own),
                milliseconds(cost.merging),
                milliseconds(cost.own + cost.merging),
                memory >> 20,
                most >> 20,
                opened.as_secs_f64(),
            );
        }
        let filled = (pairs / 2 - from / 2) as f64 / filled.as_secs_f64();
        println!("              filled at {filled:.0} messages a second; {line}");
        from = *pairs;
    }
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Fills a store with about `pairs` relationships (each author writes to two recipients) by a process of its own, which
/// is killed while it goes on learning. How long the filling took, and what it says of itself.
fn filled_and_killed(dir: &Path, from: u64, pairs: u64) -> io::Result<(Duration, String)> {
    let started = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--fill".as_ref(), dir.as_os_str()])
        .args(["--from".to_owned(), from.to_string(), pairs.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines =
        BufReader::new(child.stdout.take().ok_or_else(|| io::Error::other("a pipe was asked for"))?).lines();
    let full = lines.next().transpose()?;
    let filled = started.elapsed();
    if full.is_some() {
        // Somewhere between two commits.
        std::thread::sleep(Duration::from_millis(700));
        child.kill()?;
    }
    child.wait()?;
    full.map(|line| (filled, line)).ok_or_else(|| io::Error::other("the store could not be filled"))
}

fn fill_until_killed(dir: &Path, from: u64, pairs: u64) -> io::Result<()> {
    let baselines = Baselines::open(dir, &Settings::default()).map_err(io::Error::other)?;
    let (first, authors, learned) = (from / 2, pairs / 2, next_message(&baselines));
    // Made by another thread, since making a letter costs as much as learning it.
    let (made, waiting) = sync_channel::<Vec<Observation>>(4);
    let maker = std::thread::spawn(move || {
        let mut people = People::new();
        for start in (first..authors).step_by(PART as usize) {
            let part = start..authors.min(start + PART);
            if made.send(part.map(|n| people.observation(n, learned + n - first)).collect()).is_err() {
                return;
            }
        }
    });
    for observation in waiting.iter().flatten() {
        baselines.learn_now(&observation);
    }
    maker.join().map_err(|_| io::Error::other("a letter could not be made"))?;
    // What is killed soon after may lose the last group, but none of the fill.
    baselines.sync().map_err(io::Error::other)?;
    assert_eq!(baselines.state().dropped, 0);
    let each = |time: Duration| milliseconds(time) / (authors - first).max(1) as f64;
    println!(
        "learning took {:.3} ms of processor time a message and {:.3} ms merging; most memory {} MiB",
        each(own_time() + writer_time()),
        each(merging_time()),
        resident().1 >> 20
    );
    let mut people = People::new();
    for n in learned + authors - first.. {
        baselines.learn_now(&people.observation(Draw::Even.author(n, authors), n));
    }
    Ok(())
}

/// The number of a message that the store does not know, soon after those that it does.
fn next_message(baselines: &Baselines) -> u64 {
    baselines.state().learned + 1_000
}

/// What a message costs, with the store at rest before and after.
fn measured(baselines: &Baselines, draw: Draw, pairs: u64, messages: u64) -> Cost {
    let mut people = People::new();
    let (authors, first) = (pairs / 2, next_message(baselines));
    let (mut recall, mut own) = (Duration::ZERO, Duration::ZERO);
    let (wrote, merged) = (writer_time(), merging_time());
    let mut left = messages;
    while left > 0 {
        // Parsing and reading of traits are other stages' work: all is prepared, in parts, so that the mail prepared
        // takes little memory.
        let part = left.min(PART);
        left -= part;
        let mail: Vec<Observation> =
            (left..left + part).map(|n| people.observation(draw.author(first + n, authors), first + n)).collect();
        let before = own_time();
        for observation in mail {
            let started = Instant::now();
            let baseline = baselines.recall(&observation.query);
            recall += started.elapsed();
            assert!(baseline.gaps.is_empty() && baseline.sender.is_some(), "{:?}", baseline.gaps);
            baselines.learn(observation);
        }
        baselines.flush();
        own += own_time() - before;
    }
    let before = own_time();
    baselines.sync().expect("room");
    own += own_time() - before + writer_time() - wrote;
    assert_eq!(baselines.state().dropped, 0);
    settle();
    let each = |time: Duration| time / messages.max(1) as u32;
    Cost { recall: each(recall), own: each(own), merging: each(merging_time() - merged) }
}

/// Messages that are prepared at once, and learned together by the time the next are.
const PART: u64 = 500;

/// Waits until the files are merged: until the process was idle for three seconds, at most twenty minutes.
fn settle() {
    let mut idle = 0;
    for _ in 0..1_200 {
        let before = processor_time();
        std::thread::sleep(Duration::from_secs(1));
        idle = if processor_time() - before < Duration::from_millis(50) { idle + 1 } else { 0 };
        if idle == 3 {
            return;
        }
    }
}
