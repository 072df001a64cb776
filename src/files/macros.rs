//! Macros in Visual Basic: their source unpacked (MS-OVBA §2.4.1), and what in it is told of attacks.

use std::collections::BTreeSet;

use super::Macros;
use super::budget::Budget;
use super::bytes::{find, text, u16_at};

/// How the source of a module begins, packed: the first attribute of every module.
const SOURCE: &[u8] = b"\x00Attribut";

/// Procedures that run by themselves.
const AUTO_EXEC: &[&str] = &[
    "AutoExec",
    "AutoOpen",
    "AutoClose",
    "AutoExit",
    "AutoNew",
    "Auto_Open",
    "Auto_Close",
    "Document_Open",
    "Document_Close",
    "Document_New",
    "DocumentOpen",
    "DocumentBeforeClose",
    "Document_BeforeClose",
    "Workbook_Open",
    "Workbook_Activate",
    "Workbook_Close",
    "Workbook_BeforeClose",
    "NewDocument",
];

/// Words with which macros reach beyond their document.
const SUSPICIOUS: &[&str] = &[
    "Shell",
    "WScript.Shell",
    "Shell.Application",
    "CreateObject",
    "GetObject",
    "CreateThread",
    "VirtualAlloc",
    "RtlMoveMemory",
    "URLDownloadToFile",
    "MSXML2.XMLHTTP",
    "WinHttp.WinHttpRequest",
    "ADODB.Stream",
    "SaveToFile",
    "PowerShell",
    "cmd.exe",
    "mshta",
    "rundll32",
    "regsvr32",
    "certutil",
    "bitsadmin",
    "winmgmts",
    "Environ",
    "ExecuteExcel4Macro",
    "CallByName",
    "ShellExecute",
    "StrReverse",
    "ChrW",
    "FileSystemObject",
    "RegWrite",
];

/// Shortest run of hexadecimal digits that is taken for a text.
const HEX_DIGITS_MIN: usize = 12;
/// Texts in hexadecimal that are kept.
const HEX_MAX: usize = 200;

/// The source of a module, from the stream that holds it.
pub(super) fn source(stream: &[u8], budget: &mut Budget<'_>) -> Option<String> {
    let at = find(stream, SOURCE, 0)?.checked_sub(3)?;
    let unpacked = unpack(&stream[at..], budget.room());
    budget.take(unpacked.len(), false);
    Some(text(&unpacked)).filter(|source| !source.is_empty())
}

/// Unpacks a container of chunks: literal bytes, and copies of what came before.
fn unpack(packed: &[u8], room: usize) -> Vec<u8> {
    let mut out = Vec::new();
    if packed.first() != Some(&1) {
        return out;
    }
    let mut at = 1;
    while let Some(head) = u16_at(packed, at) {
        let (start, end) = (out.len(), packed.len().min(at + (head & 0x0fff) + 3));
        at += 2;
        if head & 0x8000 == 0 {
            out.extend_from_slice(&packed[at.min(end)..end]);
            at = end;
            continue;
        }
        while at < end && out.len() < room {
            let flags = packed[at];
            at += 1;
            for bit in 0..8 {
                if at >= end {
                    break;
                }
                if flags >> bit & 1 == 0 {
                    out.push(packed[at]);
                    at += 1;
                    continue;
                }
                let Some(token) = u16_at(packed, at) else { return out };
                at += 2;
                let written = out.len() - start;
                let bits = (4..12).find(|bits| written <= 1 << bits).unwrap_or(12);
                let back = (token >> (16 - bits)) + 1;
                let Some(from) = out.len().checked_sub(back) else { return out };
                for place in 0..(token & (0xffff >> bits)) + 3 {
                    out.push(out[from + place]);
                }
            }
        }
        if out.len() >= room {
            break;
        }
        at = end;
    }
    out.truncate(room);
    out
}

/// What the source of macros tells.
pub(super) fn told(source: String) -> Macros {
    let lower = source.to_ascii_lowercase();
    let words: BTreeSet<&str> = lower.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).collect();
    let named = |name: &&&str| words.contains(name.to_ascii_lowercase().as_str());
    let auto_exec = AUTO_EXEC.iter().filter(named).map(|name| (*name).to_owned()).collect();
    let suspicious = SUSPICIOUS.iter().filter(|name| lower.contains(&name.to_ascii_lowercase()));
    let suspicious = suspicious.map(|name| (*name).to_owned()).collect();
    let quoted = source.split('"').skip(1).step_by(2);
    let hex = quoted.filter_map(decoded).take(HEX_MAX).collect();
    Macros { auto_exec, suspicious, hex, source }
}

/// The text that hexadecimal digits stand for.
fn decoded(digits: &str) -> Option<String> {
    if digits.len() < HEX_DIGITS_MIN
        || !digits.len().is_multiple_of(2)
        || !digits.bytes().all(|b| b.is_ascii_hexdigit())
    {
        return None;
    }
    let pairs = digits.as_bytes().chunks_exact(2);
    let bytes: Option<Vec<u8>> =
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    String::from_utf8(bytes?).ok().filter(|text| text.chars().all(|c| !c.is_control()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::files::Limits;

    /// A source in chunks of literal bytes.
    pub(crate) fn packed(source: &str) -> Vec<u8> {
        let mut out = vec![1];
        for chunk in source.as_bytes().chunks(2_048) {
            let tokens: Vec<u8> = chunk.chunks(8).flat_map(|part| [&[0], part].concat()).collect();
            out.extend_from_slice(&(0xb000 | (tokens.len() as u16 - 1)).to_le_bytes());
            out.extend_from_slice(&tokens);
        }
        out
    }

    #[test]
    fn a_source_is_unpacked() {
        let text = "Attribute VB_Name = \"A\"\r\nSub AutoOpen()\r\n  Shell \"x\"\r\nEnd Sub\r\n".repeat(40);
        let limits = Limits::default();
        let mut budget = Budget::new(&limits, 10_000);
        let stream = [b"p-code".as_slice(), &packed(&text)].concat();
        assert_eq!(source(&stream, &mut budget).as_deref(), Some(text.as_str()));
        assert_eq!(source(b"none", &mut budget), None);
    }

    #[test]
    fn copies_are_unpacked_as_the_specification_shows() {
        // The example of MS-OVBA §3.2.3.
        let example = b"\x01\x03\xb0\x02\x61\x45\x00";
        assert_eq!(unpack(example, 1_000), [b'a'; 73]);
        assert_eq!(unpack(example, 10), [b'a'; 10]);
        assert_eq!(unpack(b"\x01\x03\xb0\x01\x61\x45", 1_000), b"");
    }

    #[test]
    fn what_attacks_use_is_told() {
        let told = told("Sub autoopen()\nx = \"68747470733a2f2f61\"\nCreateObject(\"WScript.Shell\")".to_owned());
        assert_eq!(told.auto_exec, ["AutoOpen"]);
        assert_eq!(told.hex, ["https://a"]);
        assert!(told.suspicious.contains(&"CreateObject".to_owned()));
        assert_eq!(super::told("Sub Tidy()".to_owned()).auto_exec, [] as [&str; 0]);
    }
}
