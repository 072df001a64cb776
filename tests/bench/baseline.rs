//! What the baselines cost with a store of a given size: processor time of recall and learn, memory, disk, and how long
//! a store takes to open after its process was killed. `tests/bench/README.md` tells how to run it.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use kith::auth::AuthResults;
use kith::baseline::{Baselines, Observation, Query, Settings, SharedSettings};
use kith::mail::{Address, Domain, Envelope, Moment, Organisation};
use kith::message;

/// Measures the baselines with a store of each size.
#[derive(Parser)]
struct Options {
    /// Relationships in the store, one run for each
    #[arg(default_values_t = [100_000_u64])]
    pairs: Vec<u64>,
    /// Messages to recall and learn while it is measured
    #[arg(long, default_value_t = 10_000)]
    messages: u64,
    /// Where the stores are made, and removed again [default: the system's folder for temporary files]
    #[arg(long)]
    folder: Option<PathBuf>,
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
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// Milliseconds between two messages: a busy host, so that a store of a million relationships spans two months.
const BETWEEN: i64 = 10_000;

fn main() -> io::Result<()> {
    let options = Options::parse();
    if let Some(dir) = &options.fill {
        return fill_until_killed(dir, options.pairs[0]);
    }
    if let Some(address) = &options.shared {
        return options.pairs.iter().try_for_each(|pairs| shared(&options, address, *pairs));
    }
    println!("                              recall    recall and learn     memory   after kill -9");
    println!("relationships     disk  ms a message   CPU ms a message   resident      open again");
    for pairs in &options.pairs {
        let folder = match &options.folder {
            Some(folder) => tempfile::tempdir_in(folder)?,
            None => tempfile::tempdir()?,
        };
        let dir = folder.path().join("baseline");
        let filled = filled_and_killed(&dir, *pairs)?;
        let started = Instant::now();
        let baselines = Baselines::open(&dir, &Settings::default()).map_err(io::Error::other)?;
        let opened = started.elapsed();
        settle();
        let (recall, both) = measured(&baselines, *pairs, options.messages);
        println!(
            "{pairs:>13} {:>4} MiB {:>13.3} {:>18.3} {:>6} MiB {:>12.2} s   (filled at {:.0} messages a second)",
            size(&dir) >> 20,
            recall.as_secs_f64() * 1_000.0,
            both.as_secs_f64() * 1_000.0,
            resident() >> 20,
            opened.as_secs_f64(),
            (*pairs / 2) as f64 / filled.as_secs_f64(),
        );
    }
    Ok(())
}

/// Fills a store with about `pairs` relationships (each author writes to two recipients) by a process of its own, which
/// is killed while it goes on learning. How long the filling took.
fn filled_and_killed(dir: &Path, pairs: u64) -> io::Result<Duration> {
    let started = Instant::now();
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--fill".as_ref(), dir.as_os_str()])
        .arg(pairs.to_string())
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
    if full.is_none() {
        return Err(io::Error::other("the store could not be filled"));
    }
    Ok(filled)
}

fn fill_until_killed(dir: &Path, pairs: u64) -> io::Result<()> {
    let baselines = Baselines::open(dir, &Settings::default()).map_err(io::Error::other)?;
    let people = People::new();
    for n in 0..pairs / 2 {
        baselines.learn_now(&people.observation(n, n));
    }
    println!("full");
    for n in pairs / 2.. {
        baselines.learn_now(&people.observation(drawn(n, pairs / 2), n));
    }
    Ok(())
}

/// One host learns all and tells it; another recalls it and learns on.
fn shared(options: &Options, address: &str, pairs: u64) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let open = |host: &str| {
        let shared = SharedSettings {
            addresses: vec![address.to_owned()],
            cluster: options.cluster,
            host: format!("{host}{pairs}"),
            secret_file: folder.path().join("secret").display().to_string(),
            prefix: "kith-bench:".to_owned(),
            recall_milliseconds_max: 1_000,
            fresh_milliseconds: 0,
            ..SharedSettings::default()
        };
        let settings = Settings { shared, ..Settings::default() };
        let baselines = Baselines::open(&folder.path().join(host), &settings).map_err(io::Error::other)?;
        baselines.share().map_err(io::Error::other)?;
        Ok::<_, io::Error>(baselines)
    };
    let people = People::new();
    let (a, started) = (open("a")?, Instant::now());
    for n in 0..pairs / 2 {
        a.learn(people.observation(n, n));
        if n % 1_000 == 0 {
            a.flush();
        }
    }
    told(&a)?;
    let filled = (pairs / 2) as f64 / started.elapsed().as_secs_f64();
    // Only what the other host told is known here.
    let b = open("b")?;
    std::thread::sleep(Duration::from_secs(2));
    let first = pairs * 10;
    let mail: Vec<Observation> =
        (0..options.messages).map(|n| people.observation(drawn(n, pairs / 2), first + n)).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let (before, mut clock) = (processor_time(), Vec::with_capacity(mail.len()));
    for observation in mail.iter().rev() {
        let started = Instant::now();
        let baseline = runtime.block_on(b.recall_shared(&observation.query));
        clock.push(started.elapsed());
        assert!(baseline.gaps.is_empty() && baseline.sender.is_some(), "{:?}", baseline.gaps);
    }
    let (recalled, messages) = (processor_time() - before, options.messages.max(1) as u32);
    clock.sort_unstable();
    let (before, started) = (processor_time(), Instant::now());
    for (nth, observation) in mail.into_iter().enumerate() {
        b.learn(observation);
        if nth % 1_000 == 0 {
            b.flush();
        }
    }
    told(&b)?;
    let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!("{pairs} relationships: filled and told at {filled:.0} messages a second");
    println!(
        "  recall: {:.3} ms a message (median; 99 in 100 below {:.3}), {:.3} ms of processor time here",
        milliseconds(clock[clock.len() / 2]),
        milliseconds(clock[clock.len() * 99 / 100]),
        milliseconds(recalled / messages)
    );
    println!(
        "  learn: {:.3} ms a message with claiming and telling, {:.3} ms of processor time here",
        milliseconds(started.elapsed() / messages),
        milliseconds((processor_time() - before) / messages)
    );
    Ok(())
}

/// Waits until all is on disk and told.
fn told(baselines: &Baselines) -> io::Result<()> {
    baselines.sync().map_err(io::Error::other)?;
    while baselines.state().untold > 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// Time on the clock of a recall, and processor time of a recall and a learn together: of the whole process, writing and
/// merging of files included.
fn measured(baselines: &Baselines, pairs: u64, messages: u64) -> (Duration, Duration) {
    let people = People::new();
    // Parsing and reading of traits are other stages' work: all is prepared.
    let first = pairs * 10;
    let mail: Vec<Observation> = (0..messages).map(|n| people.observation(drawn(n, pairs / 2), first + n)).collect();
    let mut recall = Duration::ZERO;
    for observation in mail.iter().rev() {
        let started = Instant::now();
        let baseline = baselines.recall(&observation.query);
        recall += started.elapsed();
        assert!(baseline.gaps.is_empty() && baseline.sender.is_some());
    }
    let before = processor_time();
    for (nth, observation) in mail.into_iter().enumerate() {
        assert!(baselines.recall(&observation.query).sender.is_some());
        baselines.learn(observation);
        if nth % 1_000 == 0 {
            baselines.flush();
        }
    }
    baselines.sync().expect("room");
    let both = processor_time() - before;
    assert_eq!(baselines.state().dropped, 0);
    (recall / messages.max(1) as u32, both / messages.max(1) as u32)
}

/// A number below `below`, well mixed.
fn drawn(n: u64, below: u64) -> u64 {
    (n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) % below.max(1)
}

/// Those who write, with habits that stay theirs.
struct People {
    organisation: Organisation,
    limits: message::Settings,
}

impl People {
    fn new() -> Self {
        let domains = Domain::parse("own.example").into_iter().collect();
        Self { organisation: Organisation { domains, ..Organisation::default() }, limits: message::Settings::default() }
    }

    fn observation(&self, author: u64, message: u64) -> Observation {
        let company = author / 5;
        let sender = Address::parse(&format!("person{author}@mail.company{company}.example"));
        let recipient = |n: u64| Address::parse(&format!("user{}@own.example", n % 5_000)).expect("valid");
        let envelope = Envelope {
            client: Some(std::net::Ipv4Addr::from_bits((author / 20) as u32 * 256 + 7).into()),
            helo: Some(format!("mx.company{company}.example")),
            sender,
            recipients: vec![recipient(author), recipient(author * 7 + 1)],
            ..Envelope::default()
        };
        let raw = letter(author, company, message);
        let mail = message::parse(raw.as_bytes(), &self.limits);
        let at = Moment(message as i64 * BETWEEN);
        let query = Query::of(&envelope, &mail, &AuthResults::default(), &self.organisation, at);
        Observation { query: Query { authenticated: true, ..query }, delivered: true, refused: false }
    }
}

/// A business letter in its author's manner: greeting, closing, program, zone, signature and links stay the same.
fn letter(author: u64, company: u64, message: u64) -> String {
    let of = |words: &[&'static str], salt: u64| words[(drawn(author + salt, words.len() as u64)) as usize];
    let greeting = of(&["Hello", "Dear colleagues", "Hi", "Good morning", "Sehr geehrte Damen und Herren"], 1);
    let closing = of(&["Best regards", "Thanks", "Kind regards", "Mit freundlichen Grüßen", "Cheers"], 2);
    let program = of(&["Microsoft Outlook 16.0", "Apple Mail (2.3654)", "Thunderbird 115", "Roundcube 1.6"], 3);
    let zone = of(&["+0000", "+0100", "-0500", "-0800", "+0530"], 4);
    let subject = of(&["Delivery", "Minutes of the meeting", "Offer", "Question", "Schedule"], message % 7);
    format!(
        "From: \"Person Number {author}\" <person{author}@mail.company{company}.example>\r\nTo: user{}@own.example\r\n\
         Subject: {subject} {}\r\nDate: Tue, 03 Mar 2026 10:00:00 {zone}\r\n\
         Message-ID: <{message}@company{company}.example>\r\nX-Mailer: {program}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{greeting},\r\n\r\nplease find the figures of item {message} at \
         https://www.company{company}.example/items/{message} and tell me whether they suit you.\r\n\r\n{closing}\r\n\
         Person Number {author}\r\nTel. +49 30 {}\r\n",
        author % 5_000,
        message % 97,
        1_000_000 + author
    )
}

/// Waits until the files of the filling are merged, which is its cost and not that of what is measured then: until the
/// process was idle for three seconds, at most ten minutes.
fn settle() {
    let mut idle = 0;
    for _ in 0..600 {
        let before = processor_time();
        std::thread::sleep(Duration::from_secs(1));
        idle = if processor_time() - before < Duration::from_millis(50) { idle + 1 } else { 0 };
        if idle == 3 {
            return;
        }
    }
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
