//! `kith train`: a model from labelled mail.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::replay::Labelled;
use super::{Exit, Failure};
use crate::mail::Moment;
use crate::model::write;
use crate::training::{FitSettings, fit};

/// Train a model on labelled mail: replay it in the order of its dates, fit, calibrate, and judge it on the latest mail
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    mail: Labelled,
    /// Folder to write model.onnx, model.json and figures.json to
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// Name of the model
    #[arg(long, default_value = "local")]
    name: String,
    /// Version of the model [default: the day]
    #[arg(long)]
    version: Option<String>,
    /// What it was trained on, in words, for the model's card
    #[arg(long, default_value = "labelled mail given on the command line")]
    description: String,
    /// TOML file of fitting settings
    #[arg(long, value_name = "FILE")]
    fit: Option<PathBuf>,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let settings = arguments.mail.settings()?;
    let fit_settings = fit_settings(arguments.fit.as_ref())?;
    let replayed = arguments.mail.replay(&settings, false)?;
    eprintln!("fitting on {} messages", replayed.examples.len());
    let fitted = fit(&replayed.examples, &fit_settings).map_err(|error| Failure::new(Exit::Data, error))?;
    let day = Moment::now().rfc3339().chars().take(10).collect::<String>();
    let version = arguments.version.unwrap_or_else(|| day.clone());
    let card = fitted.card(&arguments.name, &version, &day, &arguments.description);
    let written = write(&fitted.additive, &card).map_err(|error| Failure::new(Exit::Software, error))?;
    let figures = serde_json::to_vec_pretty(&serde_json::json!({"figures": fitted.figures, "leaks": fitted.leaks}))
        .map_err(|error| Failure::new(Exit::Software, error))?;
    fs::create_dir_all(&arguments.out)?;
    for (name, bytes) in [("model.onnx", &written.onnx), ("model.json", &written.manifest), ("figures.json", &figures)]
    {
        fs::write(arguments.out.join(name), bytes)?;
    }
    println!("{}", super::evaluate::words(&fitted.figures));
    println!(
        "{} inputs, {} of them silent, {} rounds; written to {}",
        replayed.examples.names().len(),
        fitted.silent.len(),
        fitted.rounds,
        arguments.out.display()
    );
    Ok(())
}

fn fit_settings(file: Option<&PathBuf>) -> Result<FitSettings, Failure> {
    let Some(file) = file else { return Ok(FitSettings::default()) };
    Ok(crate::settings::read_file(file)?)
}
