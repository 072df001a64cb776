//! A link leads to a file to be run or unpacked.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a file to be run or unpacked",
    "For malware by link. 1 or 0; unknown without links.",
    measure,
)
.of(Category::Malware);

const EXTENSIONS: &[&str] = &[
    "exe", "scr", "msi", "js", "jse", "vbs", "vbe", "hta", "jar", "bat", "cmd", "ps1", "lnk", "iso", "img", "vhd",
    "zip", "rar", "7z", "gz", "ace", "cab", "apk", "docm", "xlsm", "one",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let mut links = evidence.web_links().peekable();
    links.peek()?;
    fact(links.any(|link| {
        let path = link.target.split(['?', '#']).next().unwrap_or_default();
        let file = path.splitn(4, '/').nth(3).unwrap_or_default();
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
        extension.len() <= 5 && EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
    }))
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
