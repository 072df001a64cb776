//! The journal's tables under a million decisions: bytes and processor time of packing, time of every report and metric.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use kith::decision::DecisionId;
use kith::mail::Moment;
use kith::report::{Bounds, By, budget, report};
use kith::sql::{Limits, query};
use kith::tables::{Period, Settings, Tables, pack};

/// Measures the tables of a journal that is multiplied.
#[derive(Parser)]
struct Options {
    /// Files of a journal whose entries are multiplied, each with a new id and time
    #[arg(required = true)]
    journal: Vec<PathBuf>,
    /// Decisions in the tables
    #[arg(long, default_value_t = 1_000_000)]
    rows: usize,
    /// Days over which they are spread
    #[arg(long, default_value_t = 30)]
    days: i64,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// Decisions of one file of the journal.
const FILE_ROWS: usize = 10_000;
/// Every so many is labelled.
const LABELLED: usize = 200;
const DAY: i64 = 86_400_000;

fn main() {
    let options = Options::parse();
    let texts: Vec<String> = options.journal.iter().map(|path| fs::read_to_string(path).expect("a journal")).collect();
    // What follows the id and the time of each entry.
    let tails: Vec<&str> = texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.get(66..)).collect();
    assert!(!tails.is_empty(), "the journal holds no entries");
    let state = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(state.path().join("journal")).expect("made");
    fill(&options, &tails, state.path());
    let bytes = size(&state.path().join("tables"));
    println!("{} decisions: {:.0} bytes each on disk", options.rows, bytes as f64 / options.rows as f64);
    for table in kith::tables::TABLES {
        println!("  {table}: {:.0}", size(&state.path().join("tables").join(table)) as f64 / options.rows as f64);
    }
    ask(state.path());
}

/// Packs all rows, file by file, as the daemon would.
fn fill(options: &Options, tails: &[&str], state: &Path) {
    let (start, step) = (Moment::now().0 - (options.days + 1) * DAY, options.days * DAY / options.rows as i64);
    let (mut labels, mut spent) = (String::new(), Duration::ZERO);
    for first in (0..options.rows).step_by(FILE_ROWS) {
        let mut text = String::new();
        for n in first..(first + FILE_ROWS).min(options.rows) {
            let ms = start + n as i64 * step;
            let id = DecisionId::new(Moment(ms), (n as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835));
            // Always with milliseconds, as long as the ones that they replace.
            let at = format!("{}.{:03}Z", &Moment(ms).rfc3339()[..19], ms % 1_000);
            let tail = tails[n.wrapping_mul(7_919) % tails.len()];
            let _ = writeln!(text, "{{\"id\":\"{id}\",\"at\":\"{at}\"{tail}");
            if n % LABELLED == 0 {
                let said = if tail.contains("\"verdict\":\"accept\"") { "safe" } else { "attack" };
                let _ = writeln!(labels, "{{\"id\":\"{id}\",\"label\":\"{said}\",\"at\":\"{at}\",\"how\":\"audit\"}}");
            }
        }
        let file = state.join(format!("journal/journal-{first:010}Z.jsonl"));
        fs::write(&file, text).expect("written");
        fs::write(state.join("labels.jsonl"), &labels).expect("written");
        let before = cpu();
        // As it would be then: what is over by that time is merged, and nothing else.
        let now = Moment(start + (first + FILE_ROWS) as i64 * step);
        pack(state, &Settings::default(), now, &mut || {}).expect("packed");
        spent += cpu() - before;
        fs::remove_file(file).expect("removed");
    }
    let packed = Tables::open(state).and_then(|tables| {
        let mut rows = 0;
        tables.scan("decisions", &[], &Period::default(), &mut |group| {
            rows += group.count;
            true
        })?;
        Ok(rows)
    });
    assert_eq!(packed.expect("read"), options.rows, "each line is a decision");
    println!("packing and merging: {:.1} µs CPU a decision", spent.as_secs_f64() * 1e6 / options.rows as f64);
}

/// Asks for everything that the command line offers.
fn ask(state: &Path) {
    let (tables, all) = (Tables::open(state).expect("opened"), Period::default());
    let limits = Limits { seconds_max: 600, ..Limits::default() };
    let timed = |what: &str, run: &dyn Fn() -> Result<(), kith::sql::SqlError>| {
        let (clock, before) = (Instant::now(), cpu());
        run().unwrap_or_else(|error| panic!("{what}: {error}"));
        println!("{what}: {:.2} s, {:.2} s CPU", clock.elapsed().as_secs_f64(), (cpu() - before).as_secs_f64());
    };
    let parts = [By::Category, By::Detector, By::Rule, By::Model, By::Recipient, By::Day];
    for by in [None].into_iter().chain(parts.map(Some)) {
        timed(&format!("report by {by:?}"), &|| report(&tables, state, &all, by, &limits).map(drop));
    }
    let bounds = Bounds { wrong_holds_per_million: 100.0, reviews_per_day: 100.0 };
    timed("budget", &|| budget(&tables, &all, bounds, &limits).map(drop));
    let metrics = Path::new(env!("CARGO_MANIFEST_DIR")).join("conf/metrics");
    for entry in fs::read_dir(metrics).expect("the metrics") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a query");
        timed(&path.display().to_string(), &|| query(&tables, &text, &all, &limits).map(drop));
    }
}

/// Processor time of this process so far.
fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().expect("ticks") + fields[12].parse::<u64>().expect("ticks");
    Duration::from_millis(ticks * 10)
}

fn size(path: &Path) -> u64 {
    // A table without rows has no folder.
    let Ok(metadata) = fs::metadata(path) else { return 0 };
    if !metadata.is_dir() {
        return metadata.len();
    }
    fs::read_dir(path).expect("listed").map(|entry| size(&entry.expect("an entry").path())).sum()
}
