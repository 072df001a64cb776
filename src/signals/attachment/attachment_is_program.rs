//! A program came with it.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::files::any;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a program came with it",
    "For malware: by extension or by the first bytes. 1 or 0; unknown without files.",
    measure,
)
.of(Category::Malware)
.prior(2.5);

/// Extensions that Windows or a phone runs.
const PROGRAMS: &[&str] = &[
    "exe",
    "scr",
    "com",
    "pif",
    "cpl",
    "msi",
    "msp",
    "msix",
    "appx",
    "dll",
    "sys",
    "jar",
    "apk",
    "bin",
    "run",
    "gadget",
    "application",
    "xll",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    any(evidence, |file| {
        PROGRAMS.contains(&file.extension.as_str())
            || file.actual_type.is_some_and(|t| {
                matches!(
                    t,
                    "application/vnd.microsoft.portable-executable"
                        | "application/x-executable"
                        | "application/x-mach-binary"
                        | "application/x-msdownload"
                )
            })
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn programs_are_seen_under_any_name() {
        check(module_path!(), mail().attachment("Invoice.EXE", None), Some(1.0));
        check(
            module_path!(),
            mail().attachment("invoice.txt", Some("application/vnd.microsoft.portable-executable")),
            Some(1.0),
        );
        check(module_path!(), mail().attachment("invoice.pdf", Some("application/pdf")), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
