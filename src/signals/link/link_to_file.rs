//! A link leads to a file to be run or unpacked.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::downloads::leads_to_file;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a file to be run or unpacked",
    "For malware by link. 1 or 0; unknown without links.",
    measure,
)
.of(Category::Malware);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(leads_to_file(evidence)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_file_to_run_is_seen() {
        check(module_path!(), mail().link("https://a.example/invoice.EXE?x=1", ""), Some(1.0));
        check(module_path!(), mail().link("https://a.zip/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
