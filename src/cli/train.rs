//! `kith train`: a model from labelled mail.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use clap::Args;

use super::labelled::Labelled;
use super::{Exit, Failure};
use crate::mail::Moment;
use crate::model::write;
use crate::training::{FitError, FitSettings, fit};

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
    /// File to write what was measured to, as CSV: a row a message with source, label, time, campaign and every signal
    #[arg(long, value_name = "FILE")]
    examples: Option<PathBuf>,
    /// TOML file of fitting settings
    #[arg(long, value_name = "FILE")]
    fit: Option<PathBuf>,
}

/// The files of a model.
const FILES: [&str; 3] = ["model.onnx", "model.json", "figures.json"];

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let settings = arguments.mail.settings()?;
    let fit_settings = fit_settings(arguments.fit.as_ref())?;
    // Replaying takes long: what would fail after it is tried before.
    let out = &arguments.out;
    let unwritable = |error| {
        let why = format!("cannot write to {}: {error}; name another folder by --out", out.display());
        Failure::new(Exit::CannotCreate, why)
    };
    try_folder(out).map_err(unwritable)?;
    let replayed = arguments.mail.replay(&settings, false)?;
    if let Some(file) = &arguments.examples {
        let unwritable = |error| Failure::new(Exit::CannotCreate, format!("cannot write {}: {error}", file.display()));
        fs::File::create(file).and_then(|file| replayed.examples.write_csv(BufWriter::new(file))).map_err(unwritable)?;
    }
    eprintln!("fitting on {} messages", replayed.examples.len());
    let fitted = fit(&replayed.examples, &fit_settings).map_err(|error| Failure::new(Exit::Data, error))?;
    let day = Moment::now().rfc3339().chars().take(10).collect::<String>();
    let version = arguments.version.unwrap_or_else(|| day.clone());
    let card = fitted.card(&arguments.name, &version, &day, &arguments.description);
    let written = write(&fitted.additive, &card).map_err(|error| Failure::new(Exit::Software, error))?;
    let figures = serde_json::to_vec_pretty(&serde_json::json!({"figures": fitted.figures, "leaks": fitted.leaks}))
        .map_err(|error| Failure::new(Exit::Software, error))?;
    replace(out, [&written.onnx, &written.manifest, &figures]).map_err(unwritable)?;
    writeln!(
        io::stdout().lock(),
        "{}\n{} inputs, {} of them silent, {} rounds; written to {}",
        super::evaluate::words(&fitted.figures),
        replayed.examples.inputs().len(),
        fitted.silent.len(),
        fitted.rounds,
        out.display()
    )?;
    Ok(())
}

/// The settings of the fitting, once they are known to be possible.
fn fit_settings(file: Option<&PathBuf>) -> Result<FitSettings, Failure> {
    let Some(file) = file else { return Ok(FitSettings::default()) };
    let settings: FitSettings = crate::settings::read_file(file)?;
    let unknown = settings.leave_out.iter().find(|name| crate::signals::find(name).is_none());
    let unknown = unknown.map(|name| FitError::UnknownInput(name.clone()));
    match settings.fault().map(FitError::Settings).or(unknown) {
        Some(fault) => Err(Failure::new(Exit::Config, format!("{}: {fault}", file.display()))),
        None => Ok(settings),
    }
}

/// Whether the files can be written to a folder, which need not be there yet. Nothing is left of the trial.
fn try_folder(folder: &Path) -> io::Result<()> {
    if let Some(name) = FILES.iter().find(|name| folder.join(name).is_dir()) {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, format!("{name} is a folder")));
    }
    let there = folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    tempfile::tempfile_in(there).map(drop)
}

/// Writes all files beside their places before the first is put there: where there is no room the old ones stay.
fn replace(folder: &Path, contents: [&[u8]; 3]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut drafts = Vec::new();
    for content in contents {
        // Readable for whom the caller's umask lets read, as other files are: the daemon is another user.
        let mode = fs::Permissions::from_mode(0o666);
        let mut draft = tempfile::Builder::new().prefix(".kith-").permissions(mode).tempfile_in(folder)?;
        draft.write_all(content)?;
        draft.as_file().sync_all()?;
        drafts.push(draft);
    }
    for (draft, name) in drafts.into_iter().zip(FILES) {
        draft.persist(folder.join(name)).map_err(|error| error.error)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").file_name());
        let mut names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_trial_leaves_nothing() {
        let root = tempfile::tempdir().expect("temporary folder");
        for name in ["", "not/yet/there"] {
            assert!(try_folder(&root.path().join(name)).is_ok(), "{name}");
        }
        assert!(try_folder(Path::new("not-yet-there")).is_ok());
        assert_eq!(listed(root.path()), [""; 0]);
        fs::write(root.path().join("file"), "").expect("writable");
        for name in ["file", "file/below"] {
            assert!(try_folder(&root.path().join(name)).is_err(), "{name}");
        }
        fs::create_dir(root.path().join("model.json")).expect("creatable");
        assert!(try_folder(root.path()).is_err());
    }

    #[test]
    fn files_are_replaced_together_and_nothing_else_is_left() {
        let root = tempfile::tempdir().expect("temporary folder");
        let folder = root.path().join("new/model");
        for content in ["first", "second"] {
            replace(&folder, [content.as_bytes(); 3]).expect("writable");
            assert_eq!(listed(&folder), ["figures.json", "model.json", "model.onnx"]);
            assert!(FILES.iter().all(|name| fs::read(folder.join(name)).expect("there") == content.as_bytes()));
        }
        let mode = fs::metadata(folder.join("model.onnx")).expect("there").permissions().mode();
        assert_eq!(mode & 0o111, 0);
        assert_ne!(mode & 0o777, 0o600, "not for the trainer alone");
    }
}
