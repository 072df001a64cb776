//! What the baselines cost: processor time of recall and learn, memory, disk, with a store of a given size.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use kith::auth::AuthResults;
use kith::baseline::{Baselines, Observation, Query, Settings};
use kith::mail::{Address, Domain, Envelope, Mailbox, Moment, Organisation};
use kith::message::Message;

/// The figures of one run; times are for one message.
#[derive(Debug)]
pub struct Figures {
    /// Relationships in the store.
    pub pairs: u64,
    /// Filling: time on the clock, all threads at work.
    pub fill: Duration,
    /// Recall alone, on the clock of one thread.
    pub recall: Duration,
    /// Recall and learn together: processor time of the whole process, writing and merging of files included.
    pub recall_and_learn_cpu: Duration,
    /// Resident memory at the end, in bytes.
    pub resident_bytes: u64,
    /// Bytes of the store's files.
    pub disk_bytes: u64,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} relationships, {} MiB on disk", self.pairs, self.disk_bytes >> 20)?;
        writeln!(f, "learn while filling    {:>9.1?} a message on the clock", self.fill)?;
        writeln!(f, "recall                 {:>9.1?} a message on the clock", self.recall)?;
        writeln!(f, "recall and learn       {:>9.1?} a message of processor time", self.recall_and_learn_cpu)?;
        write!(f, "resident memory        {:>9} MiB", self.resident_bytes >> 20)
    }
}

/// Fills a store in `dir` with about `pairs` relationships (each author writes to two recipients), then recalls and
/// learns `messages` more of them, drawn without order.
pub fn measure(dir: &Path, pairs: u64, messages: u64) -> Figures {
    let baselines = Baselines::open(dir, &Settings::default()).expect("an empty folder");
    let organisation =
        Organisation { domains: Domain::parse("own.example").into_iter().collect(), ..Organisation::default() };
    let started = Instant::now();
    for n in 0..pairs / 2 {
        baselines.learn_now(&observation(&organisation, n, n));
    }
    baselines.sync().expect("room");
    let fill = started.elapsed() / (pairs / 2).max(1) as u32;

    let mut recall = Duration::ZERO;
    for n in 0..messages {
        let query = observation(&organisation, drawn(n, pairs / 2), n).query;
        let started = Instant::now();
        let baseline = baselines.recall(&query);
        recall += started.elapsed();
        assert!(baseline.gaps.is_empty());
    }
    let recall = recall / messages as u32;

    let before = processor_time();
    for n in 0..messages {
        let observation = observation(&organisation, drawn(n, pairs / 2), pairs + n);
        assert!(baselines.recall(&observation.query).sender.is_some());
        baselines.learn(observation);
        if n % 1_000 == 0 {
            baselines.flush();
        }
    }
    baselines.sync().expect("room");
    let recall_and_learn_cpu = (processor_time() - before) / messages as u32;
    assert_eq!(baselines.state().dropped, 0);
    let resident_bytes = resident();
    drop(baselines);
    Figures { pairs, fill, recall, recall_and_learn_cpu, resident_bytes, disk_bytes: size(dir) }
}

/// A number below `below`, well mixed.
fn drawn(n: u64, below: u64) -> u64 {
    (n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) % below.max(1)
}

fn observation(organisation: &Organisation, author: u64, message: u64) -> Observation {
    let sender = Address::parse(&format!("person{author}@mail.company{}.example", author / 5));
    let recipient = |n: u64| Address::parse(&format!("user{}@own.example", n % 5_000)).expect("valid");
    let envelope = Envelope {
        client: Some(std::net::Ipv4Addr::from_bits((author / 20) as u32 * 256 + 7).into()),
        helo: Some(format!("mx.company{}.example", author / 5)),
        sender: sender.clone(),
        recipients: vec![recipient(author), recipient(author * 7 + 1)],
        ..Envelope::default()
    };
    let mail = Message {
        from: vec![Mailbox { display_name: format!("Person Number {author}"), address: sender }],
        message_id: Some(format!("{message}@company.example")),
        ..Message::default()
    };
    let at = Moment(message as i64 * 10_000);
    let query = Query::of(&envelope, &mail, &AuthResults::default(), organisation, at);
    Observation { query: Query { authenticated: true, ..query }, delivered: true, refused: false }
}

/// Processor time of this process, of all threads, by the system's ticks of 10 ms.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<u64> =
        stat.rsplit(')').next().unwrap_or("").split_whitespace().map(|f| f.parse().unwrap_or(0)).collect();
    let ticks = fields.get(11).unwrap_or(&0) + fields.get(12).unwrap_or(&0);
    Duration::from_millis(ticks * 10)
}

fn resident() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4_096
}

fn size(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let entries = fs::read_dir(path).map(|all| all.flatten().collect::<Vec<_>>()).unwrap_or_default();
    let of = |path: &Path| if path.is_dir() { size(path) } else { fs::metadata(path).map_or(0, |m| m.blocks() * 512) };
    entries.iter().map(|entry| of(&entry.path())).sum()
}
