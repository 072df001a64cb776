//! What is wrong with a settings file, in words that say what to do.

use std::fmt;
use std::path::PathBuf;

use super::place::at;

/// Where to look for what can be written.
const SHOWN: &str = "`kith config show --default` prints every key with its purpose and default";

/// Why settings could not be had. The administrator's to mend: each says where and how.
#[derive(Debug)]
pub enum SettingsError {
    /// A file or folder cannot be read.
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file is not UTF-8, as TOML must be.
    NotText {
        /// The file.
        path: PathBuf,
        /// The line of the first byte that is not.
        line: usize,
    },
    /// A file is not what it should be: no TOML, an unknown key, or a value of another kind.
    Wrong {
        /// The file.
        path: PathBuf,
        /// The line and what is wrong with it.
        why: String,
        /// The nearest known key, where a key is unknown.
        nearest: Option<String>,
    },
    /// An environment variable is meant as a setting, but sets no key.
    UnknownVariable {
        /// The variable.
        name: String,
        /// The nearest one that sets a key.
        nearest: Option<String>,
    },
    /// The value of an environment variable is not one that its key can have.
    WrongVariable {
        /// The variable.
        name: String,
        /// What is wrong with its value.
        why: String,
    },
    /// The value of this environment variable is not UTF-8.
    VariableNotText(String),
    /// The environment, or several files together, do not make sound settings.
    Combined(String),
    /// Values that cannot work, each with the mend.
    Unsound(Vec<String>),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, error } => write!(
                f,
                "cannot read settings {}: {error}; name another file by --config, or let the user that kith runs as read \
                 this one",
                path.display()
            ),
            Self::NotText { path, line } => write!(f, "{}: not UTF-8; write the file as UTF-8", at(path, *line)),
            Self::Wrong { path, why, nearest } => {
                write!(f, "{}: {}", path.display(), why.trim_end())?;
                match nearest {
                    Some(key) => write!(f, "\ndid you mean `{key}`?"),
                    None => write!(f, "\n{SHOWN}"),
                }
            }
            Self::UnknownVariable { name, nearest } => {
                write!(f, "the environment variable {name} sets no key of the settings")?;
                match nearest {
                    Some(nearest) => write!(f, "\ndid you mean `{nearest}`?"),
                    None => write!(f, "\n{SHOWN}"),
                }
            }
            Self::WrongVariable { name, why } => write!(f, "the environment variable {name}: {}", why.trim_end()),
            Self::VariableNotText(name) => write!(f, "the value of the environment variable {name} is not UTF-8"),
            Self::Combined(why) => write!(f, "the settings do not fit together: {why}"),
            Self::Unsound(faults) => write!(f, "{}", faults.join("\n")),
        }
    }
}

impl std::error::Error for SettingsError {}

/// The key nearest to an unknown one, from serde's own list of expected keys in the message of the error. `None` where
/// none is near enough to be what was meant.
pub(super) fn nearest(message: &str) -> Option<String> {
    let (_, list) = message.split_once("unknown field ")?;
    let mut names = list.split('`').skip(1).step_by(2);
    let wrong = names.next()?;
    near(wrong, names).map(str::to_owned)
}

/// The name nearest to a wrong one; `None` where none is near enough to be what was meant.
pub(super) fn near<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .min()
        .filter(|(distance, _)| *distance <= 1 + wrong.len() / 3)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_named_if_it_is_near() {
        let check = |message: &str, expected: Option<&str>| assert_eq!(nearest(message).as_deref(), expected);
        check("unknown field `lisen`, expected one of `listen`, `socket_mode`", Some("listen"));
        check("unknown field `xyzzy`, expected one of `listen`, `socket_mode`", None);
        check("invalid type: string", None);
    }
}
