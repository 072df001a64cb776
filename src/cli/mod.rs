//! The command line: one file per subcommand.

mod failure;
mod labelled;
mod progress;
mod when;

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, Args, Command, FromArgMatches};

pub use failure::{Exit, Failure};

/// A subcommand: its name, its arguments, and what it does.
struct Subcommand {
    name: &'static str,
    define: fn(Command) -> Command,
    run: fn(&ArgMatches) -> Result<(), Failure>,
}

/// Declares the subcommands: each word is a file of this folder with a `struct Arguments` (whose doc comment is the
/// help) and a `fn run(Arguments)`.
macro_rules! subcommands {
    ($($name:ident),+ $(,)?) => {
        $(mod $name;)+
        const SUBCOMMANDS: &[Subcommand] = &[$(Subcommand {
            name: stringify!($name),
            define: <$name::Arguments as Args>::augment_args,
            run: |matches| {
                let arguments = <$name::Arguments as FromArgMatches>::from_arg_matches(matches);
                $name::run(arguments.map_err(|error| Failure::usage(error.to_string()))?)
            },
        }),+];
    };
}

subcommands! {
    serve, config, scan, explain, signals, rules, baseline, train, evaluate, journal, quarantine, label, replay, sql,
    report, audit, budget, health, admin
}

/// What every subcommand that needs settings takes.
#[derive(Args, Clone, Debug)]
struct Common {
    /// Settings file [default: /etc/kith/kith.toml where it exists, else the built-in defaults]
    #[arg(long, short, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of baselines and journal, instead of `state_directory` of the settings
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

impl Common {
    /// The settings of this call.
    fn settings(&self) -> Result<crate::settings::Settings, Failure> {
        let mut settings = crate::settings::Settings::load(self.config.as_deref())?;
        if let Some(state) = &self.state {
            settings.state_directory.clone_from(state);
        }
        Ok(settings)
    }
}

/// Who runs this, as logs and labels name him: as was given, else the login behind sudo, else the user.
fn who(given: Option<&String>) -> String {
    let known = ["SUDO_USER", "LOGNAME", "USER"].into_iter().filter_map(|name| std::env::var(name).ok());
    let known = given.cloned().into_iter().chain(known).find(|name| !name.is_empty());
    let uid = || std::fs::metadata("/proc/self").map_or("unknown".to_owned(), |own| format!("uid {}", own.uid()));
    known.unwrap_or_else(uid)
}

fn command() -> Command {
    let top = Command::new("kith")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Filters mail attacks inline, as a milter of Postfix or Sendmail")
        .subcommand_required(true)
        .arg_required_else_help(true);
    SUBCOMMANDS.iter().fold(top, |top, sub| top.subcommand((sub.define)(Command::new(sub.name))))
}

/// Runs the program with its arguments, the first being its own name. Returns one of the codes of sysexits.h.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = match command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Ok };
            // Help that nobody reads is no failure of the program.
            let _ = error.print();
            return code.into();
        }
    };
    let Some((name, inner)) = matches.subcommand() else { return Exit::Usage.into() };
    let Some(sub) = SUBCOMMANDS.iter().find(|sub| sub.name == name) else { return Exit::Usage.into() };
    match (sub.run)(inner) {
        Ok(()) => Exit::Ok.into(),
        Err(failure) => {
            if !failure.why.is_empty() {
                eprintln!("kith {name}: {}", failure.why);
            }
            failure.exit.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn a_wrong_argument_is_a_usage_error() {
        let code = run(["kith", "scan", "--no-such-option"].map(OsString::from));
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(64)));
    }
}
