//! What behaviour alone shows: attacks mixed into real chronological mail, found by what is usual.
//!
//! `cargo bench --locked --bench behaviour -- --corpus PATH [--days-warm N] [--seed S] [--repeat R] [--rate 1000]
//! [--budget 10] [--own enron.com] [--json] [--show] [--write DIR]`. The corpus is replayed through the filter's own path, and learned
//! as it is; after the warm-up, one attack in `rate` messages is written by a seed from the relationships seen so far. With `--write` all of it is also
//! written as mbox files, for `kith train`.

mod archive;
mod attack;
mod attacker;
mod corpus;
mod draw;
mod figures;
mod habits;
mod relations;
mod replay;
mod wording;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use figures::Figures;
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
    write: Option<PathBuf>,
}

const USAGE: &str = "--corpus PATH [--corpus PATH] [--days-warm 300] [--seed 1] [--repeat 1] [--rate 1000] [--budget 10] \
                     [--own enron.com] [--json] [--show] [--write DIR]";

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
            write: None,
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
    if options.corpus.is_empty() {
        // All benchmarks are run together without words: this one has nothing to read then.
        println!("no corpus: {USAGE}");
        return Ok(());
    }
    let runtime = Runtime::new().map_err(|error| error.to_string())?;
    let _inside = runtime.enter();
    let letters = corpus::load(&options.corpus);
    eprintln!("{} letters", letters.len());
    let seeds = options.seed..options.seed + options.repeat.max(1);
    let replays = seeds
        .map(|seed| {
            let replayed = replay::replay(&letters, options, seed)?;
            eprintln!("seed {seed}: {} messages measured", replayed.seen.len());
            Ok(replayed)
        })
        .collect::<Result<Vec<_>, String>>()?;
    let figures = Figures::of(&replays, options.budget);
    if options.json {
        println!("{:#}", figures.json())
    } else {
        figures.print()
    }
    Ok(())
}
