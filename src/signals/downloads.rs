//! Links to files that are run or unpacked.

use crate::evidence::Evidence;

const EXTENSIONS: &[&str] = &[
    "exe", "scr", "msi", "js", "jse", "vbs", "vbe", "hta", "jar", "bat", "cmd", "ps1", "lnk", "iso", "img", "vhd",
    "zip", "rar", "7z", "gz", "ace", "cab", "apk", "docm", "xlsm", "one",
];

/// Whether a link leads to such a file; `None` without links.
pub(super) fn leads_to_file(evidence: &Evidence<'_>) -> Option<bool> {
    let mut links = evidence.web_links().peekable();
    links.peek()?;
    Some(links.any(|link| {
        let path = link.target.split(['?', '#']).next().unwrap_or_default();
        let file = path.splitn(4, '/').nth(3).unwrap_or_default();
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
        extension.len() <= 5 && EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::mail;

    #[test]
    fn only_the_path_names_a_file() {
        let leads = |target: &str| leads_to_file(&mail().link(target, "x").evidence());
        assert_eq!(leads("https://a.example/b.EXE?c"), Some(true));
        assert_eq!(leads("https://a.zip/"), Some(false));
        assert_eq!(leads("https://a.example/?b.exe"), Some(false));
        assert_eq!(leads_to_file(&mail().evidence()), None);
    }
}
