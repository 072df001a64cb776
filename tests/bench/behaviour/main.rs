//! What behaviour alone shows: attacks mixed into real chronological mail, found by what is usual.
//!
//! See the README beside this file for what it does, how to run it, and what came out.

mod archive;
mod attack;
mod attacker;
mod compare;
mod corpus;
mod draw;
mod figures;
mod habits;
mod measured;
mod relations;
mod replay;
mod wording;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use compare::{Compared, Comparison};
use corpus::Letter;
use figures::Figures;
use measured::Writer;
use tokio::runtime::Runtime;

/// What the command line asks for.
pub struct Options {
    corpus: Vec<PathBuf>,
    days_warm: f64,
    seed: u64,
    repeat: u64,
    rate: f64,
    budget: f64,
    own: String,
    json: bool,
    show: bool,
    probes: f64,
    dense: f64,
    write: Option<PathBuf>,
    record: Option<PathBuf>,
    recorded: Vec<PathBuf>,
}

const USAGE: &str = "--corpus PATH [--corpus PATH] [--days-warm 300] [--seed 1] [--repeat 1] [--rate 1000] [--probes 0] \
                     [--budget 10] [--own enron.com] [--json] [--show] [--write DIR] [--record DIR] [--dense 1], or \
                     --recorded FILE [--recorded FILE]";

impl Options {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            corpus: Vec::new(),
            days_warm: 300.0,
            seed: 1,
            repeat: 1,
            rate: 1_000.0,
            budget: 10.0,
            own: "enron.com".to_owned(),
            json: false,
            show: false,
            probes: 0.0,
            dense: 1.0,
            write: None,
            record: None,
            recorded: Vec::new(),
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            let number = |text: String| text.parse::<f64>().map_err(|_| format!("{text} is no number"));
            match word.as_str() {
                "--corpus" => options.corpus.push(value()?.into()),
                "--days-warm" => options.days_warm = number(value()?)?,
                "--seed" => options.seed = number(value()?)? as u64,
                "--repeat" => options.repeat = number(value()?)? as u64,
                "--rate" => options.rate = number(value()?)?,
                "--budget" => options.budget = number(value()?)?,
                "--own" => options.own = value()?,
                "--json" => options.json = true,
                "--write" => options.write = Some(value()?.into()),
                "--probes" => options.probes = number(value()?)?,
                "--dense" => options.dense = number(value()?)?,
                "--record" => options.record = Some(value()?.into()),
                "--recorded" => options.recorded.push(value()?.into()),
                "--show" => options.show = true,
                // What cargo gives to each benchmark.
                "--bench" => {}
                _ => return Err(format!("{word} is unknown: {USAGE}")),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    match Options::read(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    if options.corpus.is_empty() && options.recorded.is_empty() {
        // All benchmarks are run together without words: this one has nothing to read then.
        println!("no corpus: {USAGE}");
        return Ok(());
    }
    let mut all = Vec::new();
    for path in &options.recorded {
        let mut comparison = Comparison::new(options.budget, options.dense as i64);
        measured::read(path, |one| comparison.add(&one)).map_err(|error| format!("{}: {error}", path.display()))?;
        all.push(comparison.end());
    }
    if !options.corpus.is_empty() {
        let runtime = Runtime::new().map_err(|error| error.to_string())?;
        let _inside = runtime.enter();
        let letters = corpus::load(&options.corpus);
        eprintln!("{} letters", letters.len());
        for seed in options.seed..options.seed + options.repeat.max(1) {
            all.push(replayed(&letters, options, seed)?);
            eprintln!("seed {seed} is done");
        }
    }
    let figures = Figures::of(&all, options.budget);
    if options.json {
        println!("{:#}", figures.json())
    } else {
        figures.print()
    }
    Ok(())
}

/// Replays the letters under a seed; what is measured is also written where that is asked for.
fn replayed(letters: &[Letter], options: &Options, seed: u64) -> Result<Compared, String> {
    let path = options.record.as_ref().map(|folder| folder.join(format!("{seed}.measured")));
    let mut writer = path.map(|path| Writer::create(&path)).transpose().map_err(|error| error.to_string())?;
    let mut comparison = Comparison::new(options.budget, options.dense as i64);
    replay::replay(letters, options, seed, &mut |one| {
        comparison.add(&one);
        writer.as_mut().map_or(Ok(()), |writer| writer.add(&one))
    })?;
    writer.map_or(Ok(()), Writer::close).map_err(|error| error.to_string())?;
    Ok(comparison.end())
}
