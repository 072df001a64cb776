//! Cases of public suites that are known to fail, from a file, so that their number may only fall.

use std::collections::BTreeMap;
use std::path::Path;

/// The verdicts of one suite, held against the list of known failures.
pub struct Verdicts {
    list: String,
    known: BTreeMap<String, String>,
    cases: usize,
    wrong: Vec<String>,
}

impl Verdicts {
    /// Reads the list: a line is `case: reason`; empty lines and those that begin with `#` do not count.
    pub fn read(list: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/known_failures").join(list);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let known = lines.map(|line| line.split_once(": ").unwrap_or_else(|| panic!("no reason: {line}")));
        let known = known.map(|(case, reason)| (case.to_owned(), reason.to_owned())).collect();
        Self { list: list.to_owned(), known, cases: 0, wrong: Vec::new() }
    }

    /// Notes a case; `what` says what was wrong with it.
    pub fn note(&mut self, case: &str, passes: bool, what: impl FnOnce() -> String) {
        self.cases += 1;
        match (passes, self.known.remove(case)) {
            (true, None) | (false, Some(_)) => {}
            (false, None) => self.wrong.push(format!("{case} fails: {}", what())),
            (true, Some(_)) => self.wrong.push(format!("{case} passes: remove it from {}", self.list)),
        }
    }

    /// Fails unless all cases went as the list says, there were as many as expected, and no line of the list is stale.
    pub fn finish(self, cases: usize) {
        let stale = self.known.keys().map(|case| format!("{case} is listed in {} but not in the suite", self.list));
        let wrong: Vec<String> = self.wrong.into_iter().chain(stale).collect();
        assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), self.cases, wrong.join("\n"));
        assert_eq!(self.cases, cases, "cases of the suite");
    }
}
