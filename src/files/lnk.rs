//! Shortcuts of Windows (MS-SHLLINK).

use super::bytes::{part, text, to_nul, u16_at, u32_at, wide};
use super::kind::{Kind, Reading};

/// Shortcuts of Windows.
pub(super) const KIND: Kind = Kind {
    flavors: &["lnk_file"],
    media_type: "application/x-ms-shortcut",
    is: |head| head.begins(b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"),
    read,
};

/// Texts behind the head, by their flags, under the names that ExifTool gives them.
const TEXTS: &[(usize, &str)] = &[
    (0x04, "Description"), (0x08, "RelativePath"), (0x10, "WorkingDirectory"), (0x20, "CommandLineArguments"),
    (0x40, "IconFileName"),
];

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let (Some(flags), Some(bytes)) = (u32_at(content, 20), u32_at(content, 52)) else {
        reading.budget.note(super::BROKEN);
        return;
    };
    reading.facts.metadata.add("TargetFileSize", bytes.to_string());
    let mut at = 76;
    if flags & 1 != 0 {
        at += 2 + u16_at(content, at).unwrap_or(0);
    }
    if flags & 2 != 0 {
        let info = part(content, at, u32_at(content, at).unwrap_or(0));
        if let Some(path) = u32_at(info, 16).filter(|at| *at > 0).and_then(|at| info.get(at..)) {
            reading.facts.metadata.add("LocalBasePath", text(to_nul(path)));
        }
        at += info.len();
    }
    for (flag, name) in TEXTS {
        if flags & flag == 0 {
            continue;
        }
        let Some(chars) = u16_at(content, at) else { break };
        let is_wide = flags & 0x80 != 0;
        let value = part(content, at + 2, if is_wide { chars * 2 } else { chars });
        reading.facts.metadata.add(*name, if is_wide { wide(value) } else { text(value) });
        at += 2 + if is_wide { chars * 2 } else { chars };
    }
}

#[cfg(test)]
mod tests {
    use crate::files::explode::tests::{gaps, taken};

    #[test]
    fn a_shortcut_tells_what_it_runs() {
        let mut lnk = b"\x4c\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46\xa8\0\0\0".to_vec();
        lnk.resize(76, 0);
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        lnk.extend_from_slice(&[3, 0]);
        lnk.extend_from_slice(&wide("..\\"));
        lnk.extend_from_slice(&[4, 0]);
        lnk.extend_from_slice(&wide("/c x"));
        let exploded = taken("a.lnk", &lnk);
        let metadata = &exploded.found[0].facts.metadata;
        assert_eq!((metadata.value("RelativePath"), metadata.value("CommandLineArguments")), (Some("..\\"), Some("/c x")));
        assert_eq!(metadata.value("TargetFileSize"), Some("0"));
        assert_eq!(gaps(&taken("a.lnk", &lnk[..24])), ["the file is damaged"]);
    }
}
