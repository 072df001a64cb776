//! Scripts that a program of the reader's machine runs.

use super::kind::{Kind, Reading};
use super::{bytes, javascript};

/// Scripts, by the extension of their name or their first line.
pub(super) const KIND: Kind = Kind {
    flavors: &["script_file"],
    media_type: "text/x-script",
    is: |head| head.is_text() && (language(head.extension).is_some() || head.begins(b"#!")),
    read,
};

/// The media type and flavor of an extension.
fn language(extension: &str) -> Option<(&'static str, &'static str)> {
    match extension {
        "js" | "jse" | "mjs" => Some(("text/javascript", "javascript_file")),
        "vbs" | "vbe" | "vba" | "bas" => Some(("text/vbscript", "vb_file")),
        "wsf" | "wsh" | "sct" => Some(("text/xml", "vb_file")),
        "bat" | "cmd" => Some(("text/x-msdos-batch", "batch_file")),
        "ps1" | "psm1" => Some(("text/x-powershell", "powershell_file")),
        "sh" | "bash" => Some(("text/x-shellscript", "shell_file")),
        "py" => Some(("text/x-python", "python_file")),
        _ => None,
    }
}

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let extension = reading.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let (media_type, flavor) = language(&extension).unwrap_or(("text/x-shellscript", "shell_file"));
    reading.facts.media_type = Some(media_type);
    reading.facts.flavors.push(flavor);
    if flavor == "javascript_file" {
        reading.facts.javascript = Some(javascript::read(&bytes::text(content)));
    }
    super::text::mark(content, reading);
}

#[cfg(test)]
mod tests {
    use crate::files::explode::tests::taken;

    #[test]
    fn scripts_are_known_by_their_names() {
        let check = |name: &str, content: &str, flavor: &str| {
            let exploded = taken(name, content.as_bytes());
            assert!(exploded.found[0].facts.flavors.contains(&flavor), "{name}: {:?}", exploded.found[0].facts.flavors);
        };
        check("a.js", "var x", "javascript_file");
        check("A.VBS", "Dim x", "vb_file");
        check("a.cmd", "@echo off", "batch_file");
        check("run", "#!/bin/sh\n", "shell_file");
        assert_eq!(taken("a.js", b"var x").found[0].facts.javascript.as_ref().map(|js| js.identifiers.len()), Some(1));
    }
}
