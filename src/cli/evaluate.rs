//! `kith evaluate`: the figures of the model in force, on labelled mail.

use std::fmt::Write as _;
use std::io::Write;

use clap::Args;

use super::labelled::Labelled;
use super::{Exit, Failure};
use crate::training::{Figures, Share, figures};

/// Judge labelled mail with the model in force and print its figures
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    mail: Labelled,
    /// The share of attacks among arriving mail, for calibration and precision, between 0 and 1
    #[arg(long, default_value_t = 0.1)]
    attack_share: f64,
    /// The figures as JSON instead of words
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    if !(arguments.attack_share > 0.0 && arguments.attack_share < 1.0) {
        return Err(Failure::usage(format!("--attack-share {} must lie between 0 and 1", arguments.attack_share)));
    }
    let settings = arguments.mail.settings()?;
    let replayed = arguments.mail.replay(&settings, true)?;
    let scored =
        replayed.scores.iter().enumerate().filter_map(|(row, score)| Some((u32::try_from(row).ok()?, (*score)?)));
    let (rows, scores): (Vec<u32>, Vec<f32>) = scored.unzip();
    let figures = figures(&replayed.examples, &rows, &scores, arguments.attack_share);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let json = serde_json::to_string(&figures).map_err(|error| Failure::new(Exit::Software, error))?;
        writeln!(out, "{json}")?;
    } else {
        write!(out, "{}", words(&figures))?;
    }
    Ok(())
}

/// The figures as a table.
pub(super) fn words(figures: &Figures) -> String {
    let mut text = format!(
        "{} ordinary messages, {} attacks; ROC area {}; calibration error {:.3}\n\n",
        figures.ham,
        figures.attacks,
        figures.area.map_or_else(|| "unknown".to_owned(), |area| format!("{area:.4}")),
        figures.calibration_error,
    );
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{:>9}  {:<22}  {:<24}  {:<22}", "threshold", "recall", "false positives", "precision");
    for at in &figures.operating {
        let _ = writeln!(
            text,
            "{:>+9.2}  {:<22}  {:<24}  {:<22}",
            at.threshold,
            share(&at.recall),
            share(&at.false_positives),
            share(&at.precision)
        );
    }
    if let Some(strict) = figures.operating.first() {
        let _ = writeln!(text, "\nby source, at {:+.2}", strict.threshold);
        for source in &figures.sources {
            let (kind, of) = if source.recall.of > 0 {
                ("attacks found", &source.recall)
            } else {
                ("ordinary mail flagged", &source.false_positives)
            };
            let _ = writeln!(text, "  {:<32}  {kind:<22}  {}", source.name, share(of));
        }
    }
    text
}

fn share(share: &Share) -> String {
    if share.of == 0 {
        return "none to judge".to_owned();
    }
    format!("{:.2} % ({:.2}–{:.2})", share.value * 100.0, share.low * 100.0, share.high * 100.0)
}
