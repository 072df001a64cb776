//! A script or shortcut came with it.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a script or shortcut came with it",
    "For malware that loads the rest. 1 or 0; unknown without files.",
    measure,
)
.of(Category::Malware)
.prior(2.5);

/// Extensions that Windows runs by an interpreter, and shortcuts and settings that call one.
const SCRIPTS: &[&str] = &[
    "js",
    "jse",
    "vbs",
    "vbe",
    "wsf",
    "wsh",
    "wsc",
    "hta",
    "bat",
    "cmd",
    "ps1",
    "psm1",
    "lnk",
    "url",
    "reg",
    "chm",
    "scf",
    "inf",
    "sct",
    "msc",
    "settingcontent-ms",
    "library-ms",
    "search-ms",
    "rdp",
    "iqy",
    "slk",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| SCRIPTS.contains(&file.extension.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn scripts_and_shortcuts_are_seen() {
        check(module_path!(), mail().attachment("invoice.js", None), Some(1.0));
        check(module_path!(), mail().attachment("invoice.pdf.lnk", None), Some(1.0));
        check(module_path!(), mail().attachment("invoice.pdf", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
