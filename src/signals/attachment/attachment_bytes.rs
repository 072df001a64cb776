//! The size of the attached files.

use crate::evidence::Evidence;
use crate::signals::files::files;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how large its files are",
    "Malware and phishing pages are small. Bytes of all files as ln(1 + n); unknown without files.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let bytes = files(evidence).map(|file| file.bytes as f32).reduce(|a, b| a + b)?;
    log(bytes)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn sizes_add_up() {
        check(module_path!(), mail().attachment("a.pdf", None).attachment("b.pdf", None), Some(9.9));
        check(module_path!(), mail(), None);
    }
}
