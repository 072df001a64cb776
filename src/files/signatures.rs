//! YARA rules over the content of files.

use std::fmt;
use std::time::Duration;

use boreal::scanner::{ScanParams, Scanner};
use boreal::{Compiler, compiler::CompilerBuilder};

/// How long the rules may look at one file. What takes longer has matches that depend on one another without end.
const SCAN_MAX: Duration = Duration::from_millis(100);
/// Longest source that is compiled: the feed's largest has 40 KiB.
const SOURCE_BYTES_MAX: usize = 4_194_304;

/// YARA rules, compiled.
pub struct Signatures {
    scanner: Scanner,
    count: usize,
}

/// A rule that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Its name.
    pub name: String,
    /// Its tags.
    pub tags: Vec<String>,
}

impl fmt::Debug for Signatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signatures({})", self.count)
    }
}

impl Signatures {
    /// Compiles the rules of sources, each with its name. A source with an error is left out.
    ///
    /// Gives the rules, and for each source that was left out its name and why.
    pub fn compile<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Self, Vec<(String, String)>) {
        let (mut compiler, mut refused): (Compiler, _) = (CompilerBuilder::new().build(), Vec::new());
        for (name, source) in sources {
            if source.len() > SOURCE_BYTES_MAX {
                refused.push((name.to_owned(), "is longer than a source of YARA may be".to_owned()));
            } else if let Err(error) = compiler.add_rules_str_in_namespace(source, name) {
                refused.push((name.to_owned(), error.to_string()));
            }
        }
        let mut scanner = compiler.finalize();
        scanner.set_scan_params(ScanParams::default().timeout_duration(Some(SCAN_MAX)));
        let count = scanner.rules().count();
        (Self { scanner, count }, refused)
    }

    /// How many rules there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The rules that match; `None` where they took too long.
    pub fn scan(&self, content: &[u8]) -> Option<Vec<Signature>> {
        let result = self.scanner.scan_mem(content).ok()?;
        let matches = result.rules.iter().map(|rule| Signature {
            name: rule.name.to_owned(),
            tags: rule.tags.iter().map(|tag| self.scanner.get_string_symbol(*tag).to_owned()).collect(),
        });
        Some(matches.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "rule greeting : polite { strings: $a = \"hello\" nocase condition: $a and filesize < 100 }";

    #[test]
    fn rules_match_by_content() {
        let (rules, refused) = Signatures::compile([("a.yar", RULE)]);
        assert_eq!((rules.count(), refused.len()), (1, 0));
        let found = Signature { name: "greeting".to_owned(), tags: vec!["polite".to_owned()] };
        assert_eq!(rules.scan(b"well, Hello"), Some(vec![found]));
        assert_eq!(rules.scan(b"bye"), Some(Vec::new()));
    }

    #[test]
    fn a_source_with_an_error_is_left_out_alone() {
        let (rules, refused) = Signatures::compile([("bad.yar", "rule x {"), ("a.yar", RULE)]);
        assert_eq!(rules.count(), 1);
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].0, "bad.yar");
    }
}
