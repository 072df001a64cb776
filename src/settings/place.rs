//! Where a key is set: the file and line, or the variable, for the error that speaks of it.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

/// What settings were read from, in the order in which each is laid over those before.
#[derive(Debug, Default)]
pub(super) struct Sources {
    files: Vec<(PathBuf, String)>,
    /// Keys that the environment sets, each with its variable.
    variables: Vec<(String, String)>,
}

impl Sources {
    pub(super) fn add_file(&mut self, path: PathBuf, text: String) {
        self.files.push((path, text));
    }

    pub(super) fn set_variables(&mut self, variables: Vec<(String, String)>) {
        self.variables = variables;
    }

    /// A fault with the place where the key is set with which it begins. One that begins with no key, or with one that
    /// nothing sets, is left as it is.
    pub(super) fn placed(&self, fault: String) -> String {
        let is_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c);
        let key = fault.split(|c| !is_key(c)).next().unwrap_or_default().trim_end_matches('.');
        match self.place(key) {
            Some(place) => format!("{place}: {fault}"),
            None => fault,
        }
    }

    /// Where the value in force comes from.
    fn place(&self, key: &str) -> Option<String> {
        if let Some((_, name)) = self.variables.iter().find(|(set, _)| set == key) {
            return Some(format!("the environment variable {name}"));
        }
        let set = self.files.iter().rev().find_map(|(path, text)| Some((path, line_of(text, key)?)));
        set.map(|(path, line)| at(path, line))
    }
}

/// A place in a file, as all errors name it.
pub(super) fn at(path: &Path, line: usize) -> String {
    format!("{}, line {line}", path.display())
}

/// The line on which a TOML text sets a key; `None` where it does not.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let mut table = Some(document.get_ref());
    let mut start = None;
    for part in key.split('.') {
        let (name, value) = table?.iter().find(|(name, _)| name.get_ref() == part)?;
        start = Some(name.span().start);
        table = match value.get_ref() {
            DeValue::Table(inner) => Some(inner),
            _ => None,
        };
    }
    start.map(|start| line_at(text.as_bytes(), start))
}

/// The line in which a byte lies, from 1.
pub(super) fn line_at(text: &[u8], byte: usize) -> usize {
    1 + text.iter().take(byte).filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "state_directory = '/a'\n\n[policy.thresholds]\ntag = 1\n\nhold = 0\n[milter]\nlisten = [\n]\n\
                        [[policy.block]]\nsender = 'a.example'\n";

    #[test]
    fn the_line_of_a_key_is_found() {
        let check = |key: &str, expected: Option<usize>| assert_eq!(line_of(TEXT, key), expected, "{key}");
        check("state_directory", Some(1));
        check("policy.thresholds.tag", Some(4));
        check("policy.thresholds.hold", Some(6));
        check("milter.listen", Some(8));
        check("policy.block", Some(10));
        check("policy.thresholds.reject", None);
        check("policy.thresholds.hold.x", None);
        check("", None);
        assert_eq!(line_of("no = toml = at all", "no"), None);
        assert_eq!(line_of("policy.mode = 'act'", "policy.mode"), Some(1));
    }

    #[test]
    fn a_fault_names_who_set_the_value_in_force() {
        let mut sources = Sources::default();
        let check = |sources: &Sources, fault: &str, expected: &str| {
            assert_eq!(sources.placed(fault.to_owned()), format!("{expected}{fault}"));
        };
        sources.add_file("/etc/kith.toml".into(), TEXT.to_owned());
        check(&sources, "milter.listen: \"x\" is no socket", "/etc/kith.toml, line 8: ");
        check(&sources, "milter.headers_max = 0 would refuse all mail", "");
        check(&sources, "the entry of x has too many recipients", "");
        sources.add_file("/etc/conf.d/own.toml".into(), "\nmilter.listen = []".to_owned());
        check(&sources, "milter.listen is empty", "/etc/conf.d/own.toml, line 2: ");
        sources.set_variables(vec![("milter.listen".to_owned(), "KITH_MILTER__LISTEN".to_owned())]);
        check(&sources, "milter.listen is empty", "the environment variable KITH_MILTER__LISTEN: ");
    }
}
