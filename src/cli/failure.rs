//! How a subcommand ends: a code of sysexits.h, and why.

use std::process::ExitCode;

use crate::filter::OpenError;
use crate::settings::SettingsError;

/// A code of sysexits.h, as service managers and MTAs show them; 1 and 2 for answers that scripts ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All went well.
    Ok = 0,
    /// The answer is no, as of `diff` and `grep`: nothing failed.
    Differs = 1,
    /// The answer is no, and more than the caller accepts.
    Beyond = 2,
    /// Arguments that make no sense.
    Usage = 64,
    /// Input that is not what it should be.
    Data = 65,
    /// Input that is not there or cannot be read.
    NoInput = 66,
    /// Something that is needed cannot be had: a socket, a store.
    Unavailable = 69,
    /// A fault of the program.
    Software = 70,
    /// Output that cannot be written.
    CannotCreate = 73,
    /// Rights that are missing.
    NoPermission = 77,
    /// Settings that are wrong.
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a subcommand could not do its work.
#[derive(Debug)]
pub struct Failure {
    /// The code to end with.
    pub exit: Exit,
    /// Why, and what to do; empty where all was said already.
    pub why: String,
}

impl Failure {
    /// A failure with its code and reason.
    pub fn new(exit: Exit, why: impl ToString) -> Self {
        Self { exit, why: why.to_string() }
    }

    /// Arguments that make no sense.
    pub fn usage(why: impl ToString) -> Self {
        Self::new(Exit::Usage, why)
    }

    /// Something that is needed cannot be had.
    pub fn unavailable(why: impl ToString) -> Self {
        Self::new(Exit::Unavailable, why)
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self::new(Exit::Config, error)
    }
}

/// A model that cannot be used stands in the settings: another start would end in the same way. What else keeps a filter
/// from being made may pass.
impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let exit = if matches!(error, OpenError::Model(..)) { Exit::Config } else { Exit::Unavailable };
        Self::new(exit, error)
    }
}

/// Output that cannot be written: a closed pipe (`kith scan … | head`) ends quietly, as other filters do.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self { exit: Exit::Ok, why: String::new() };
        }
        Self::new(Exit::CannotCreate, format!("cannot write: {error}"))
    }
}
