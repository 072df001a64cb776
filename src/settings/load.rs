//! Reading the settings: the file, the folder `conf.d` beside it, then the environment.

use std::fs;
use std::path::{Path, PathBuf};

use config::{Config, File, FileFormat};
use serde::de::DeserializeOwned;

use super::environment::{of_process, variables};
use super::error::nearest;
use super::place::{Sources, line_at};
use super::{Settings, SettingsError};

/// Where the file is looked for when none is named.
pub const DEFAULT_FILE: &str = "/etc/kith/kith.toml";

/// The commented file that shows every key at its default.
pub const EMBEDDED: &str = include_str!("../../conf/kith.toml");

impl Settings {
    /// Reads the settings of this host. Without a named file, [`DEFAULT_FILE`] is read where it exists, else the
    /// defaults stand. Files `conf.d/*.toml` beside the file are laid over it in the order of their names, then the
    /// environment. A list in a later file replaces the earlier one.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        Self::load_with(file, of_process()?)
    }

    /// As [`Settings::load`], with the environment given.
    pub fn load_with(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let (mut builder, mut sources) = (Config::builder(), Sources::default());
        for path in files(file)? {
            let text = text(&path)?;
            read::<Self>(&path, &text)?;
            builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
            sources.add_file(path, text);
        }
        let (environment, set) = variables(environment)?;
        builder = builder.add_source(environment);
        sources.set_variables(set);
        let combined = |error: config::ConfigError| SettingsError::Combined(error.to_string());
        let settings: Self = builder.build().map_err(combined)?.try_deserialize().map_err(combined)?;
        let faults = settings.faults();
        if faults.is_empty() {
            return Ok(settings);
        }
        Err(SettingsError::Unsound(faults.into_iter().map(|fault| sources.placed(fault)).collect()))
    }

    /// The settings as TOML.
    pub fn to_toml(&self) -> Result<String, SettingsError> {
        toml::to_string(self).map_err(|error| SettingsError::Combined(error.to_string()))
    }

    /// What recipients could not be told by these settings, though it is asked for.
    fn unheard(&self) -> Vec<String> {
        let digest = &self.quarantine.digest;
        let mut faults = Vec::new();
        if !digest.at_utc.is_empty() && self.organisation.domains.is_empty() {
            faults.push("quarantine.digest.at_utc: nobody is told, for organisation.domains is empty".to_owned());
        }
        if !digest.base_url.is_empty() && self.admin.listen.is_empty() {
            faults
                .push("quarantine.digest.base_url: its links would lead nowhere, for admin.listen is empty".to_owned());
        }
        faults
    }

    /// What keeps the values from working together, each fault in words that begin with its key; empty for sound ones.
    fn faults(&self) -> Vec<String> {
        let mut faults = self.milter.faults();
        faults.extend(self.auth.faults());
        faults.extend(self.baseline.faults());
        faults.extend(self.rules.faults());
        faults.extend(self.policy.check());
        faults.extend(self.quarantine.faults());
        faults.extend(self.unheard());
        faults.extend(self.journal.check());
        faults.extend(self.admin.faults());
        if !["error", "warn", "info", "debug"].contains(&self.log.level.as_str()) {
            faults.push(format!("log.level: {:?} is none of error, warn, info, debug", self.log.level));
        }
        faults
    }
}

/// Reads one TOML file by itself; an error names its line and the nearest key.
pub fn read_file<T: DeserializeOwned>(path: &Path) -> Result<T, SettingsError> {
    read(path, &text(path)?)
}

fn text(path: &Path) -> Result<String, SettingsError> {
    let bytes = fs::read(path).map_err(|error| SettingsError::Unreadable { path: path.to_owned(), error })?;
    String::from_utf8(bytes).map_err(|error| {
        let line = line_at(error.as_bytes(), error.utf8_error().valid_up_to());
        SettingsError::NotText { path: path.to_owned(), line }
    })
}

fn read<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, SettingsError> {
    toml::from_str(text).map_err(|error| SettingsError::Wrong {
        path: path.to_owned(),
        nearest: nearest(error.message()),
        why: error.to_string(),
    })
}

/// The files to read, in order.
fn files(named: Option<&Path>) -> Result<Vec<PathBuf>, SettingsError> {
    let main = named.unwrap_or(Path::new(DEFAULT_FILE));
    let mut files = Vec::new();
    if named.is_some() || main.exists() {
        files.push(main.to_owned());
    }
    let folder = main.with_file_name("conf.d");
    let unreadable = |error| SettingsError::Unreadable { path: folder.clone(), error };
    if folder.is_dir() {
        let mut added = Vec::new();
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                added.push(path);
            }
        }
        added.sort();
        files.extend(added);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(files: &[(&str, &str)], environment: &[(&str, &str)]) -> Result<Settings, String> {
        let root = tempfile::tempdir().expect("temporary folder");
        fs::create_dir(root.path().join("conf.d")).expect("creatable");
        for (name, text) in files {
            fs::write(root.path().join(name), text).expect("writable");
        }
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::load_with(Some(&root.path().join("kith.toml")), environment)
            .map_err(|error| error.to_string().replace(&root.path().display().to_string(), ""))
    }

    #[test]
    fn the_embedded_file_shows_every_key_at_its_default() {
        let shown: Settings = read(Path::new("conf/kith.toml"), EMBEDDED).expect("sound");
        assert_eq!(shown, Settings::default());
        let keys = |text: &str| {
            let table: toml::Table = toml::from_str(text).expect("TOML");
            let mut keys = Vec::new();
            collect(&mut keys, "", &table);
            keys.sort();
            keys
        };
        let defaults = Settings::default().to_toml().expect("serialises");
        assert_eq!(keys(EMBEDDED), keys(&defaults), "conf/kith.toml and the settings' fields must name the same keys");
    }

    fn collect(keys: &mut Vec<String>, above: &str, table: &toml::Table) {
        for (key, value) in table {
            let name = format!("{above}{key}");
            match value {
                toml::Value::Table(inner) => collect(keys, &format!("{name}."), inner),
                _ => keys.push(name),
            }
        }
    }

    #[test]
    fn every_key_of_the_embedded_file_has_its_purpose_above_it() {
        let mut above = "";
        for line in EMBEDDED.lines() {
            let is_key = line.split_once(" = ").is_some_and(|(key, _)| !key.starts_with('#'));
            assert!(!is_key || above.starts_with('#'), "no comment above: {line}");
            above = line;
        }
    }

    #[test]
    fn later_files_and_the_environment_win() {
        let settings = load(
            &[
                ("kith.toml", "state_directory = \"/a\"\n[log]\nlevel = \"warn\"\nsyslog = true\n"),
                ("conf.d/10.toml", "state_directory = \"/b\"\n"),
                ("conf.d/20.toml", "state_directory = \"/c\"\n"),
                ("conf.d/30.off", "state_directory = 5\n"),
            ],
            &[("KITH_LOG__LEVEL", "debug"), ("KITH_MILTER__LISTEN", "unix:/x,unix:/y"), ("KITH_TEST_CACHE", "z")],
        )
        .expect("sound");
        assert_eq!(settings.state_directory, Path::new("/c"));
        assert_eq!((settings.log.level.as_str(), settings.log.syslog), ("debug", true));
        assert_eq!(settings.milter.listen, ["unix:/x", "unix:/y"]);
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line_and_the_nearest_one() {
        let error = load(&[("kith.toml", "[log]\nlevel = \"info\"\nsylog = true\n")], &[]).expect_err("unknown");
        assert!(error.starts_with("/kith.toml: "), "{error}");
        assert!(error.contains("line 3") && error.contains("did you mean `syslog`?"), "{error}");
    }

    #[test]
    fn a_variable_that_sets_nothing_is_refused() {
        let error = load(&[("kith.toml", "")], &[("KITH_LOG__LEVLE", "info")]).expect_err("unknown");
        assert!(error.contains("did you mean `KITH_LOG__LEVEL`?"), "{error}");
    }

    #[test]
    fn values_that_cannot_work_are_refused() {
        let error = load(&[("kith.toml", "[log]\nlevel = \"loud\"\n")], &[]).expect_err("unsound");
        assert!(error.contains("log.level"), "{error}");
        let error = load(&[("kith.toml", "state_directory = 5\n")], &[]).expect_err("no path");
        assert!(error.contains("line 1"), "{error}");
    }

    #[test]
    fn a_named_file_must_exist() {
        let error = Settings::load_with(Some(Path::new("/nonexistent/kith.toml")), []).expect_err("missing");
        assert!(error.to_string().contains("cannot read settings"), "{error}");
    }
}
