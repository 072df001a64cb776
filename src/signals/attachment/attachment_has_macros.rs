//! An office file that may hold macros came with it.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::message::Attachment;
use crate::signals::Signal;
use crate::signals::files::files;

pub(super) const SIGNAL: Signal = Signal::rises(
    "an office file that may hold macros came with it",
    "For malware by macros. 1 for an extension that says so, 0.5 for the old formats that may, else 0; unknown \
     without files.",
    measure,
)
.of(Category::Malware)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let weigh = |file: &Attachment| match file.extension.as_str() {
        "docm" | "dotm" | "xlsm" | "xltm" | "xlam" | "xlsb" | "pptm" | "potm" | "ppsm" | "ppam" | "sldm" => 1.0,
        "doc" | "dot" | "xls" | "xlt" | "ppt" | "pps" | "rtf" | "pub" | "mdb" | "accdb" => 0.5,
        _ => 0.0,
    };
    files(evidence).map(weigh).reduce(f32::max)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn old_formats_may_hold_macros_too() {
        check(module_path!(), mail().attachment("a.xlsm", None), Some(1.0));
        check(module_path!(), mail().attachment("a.doc", None), Some(0.5));
        check(module_path!(), mail().attachment("a.docx", None), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
