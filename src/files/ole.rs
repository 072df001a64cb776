//! Documents of older Office, encrypted newer ones, and saved mail of Outlook: all compound files.

use super::bytes::{part, text, to_nul, u16_at, u32_at, wide};
use super::compound::{Compound, MARK};
use super::kind::{Kind, Reading};
use super::{BROKEN, Office, OfficeKind, macros};

/// Compound files.
pub(super) const KIND: Kind =
    Kind { flavors: &["ole_file"], media_type: "application/x-ole-storage", is: |head| head.begins(MARK), read };

/// Records of a sheet that are read.
const RECORDS_MAX: usize = 100_000;
/// Properties by their numbers (MS-OLEPS), under the names that ExifTool gives them.
const PROPERTIES: &[(usize, &str)] = &[
    (2, "Title"), (3, "Subject"), (4, "Author"), (5, "Keywords"), (6, "Comments"), (7, "Template"),
    (8, "LastModifiedBy"), (9, "RevisionNumber"), (14, "Pages"), (15, "Words"), (16, "Characters"), (18, "Software"),
];

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let Some(compound) = Compound::read(content) else {
        reading.budget.note(BROKEN);
        return;
    };
    let has = |name: &str| compound.streams.iter().any(|stream| stream.path == name);
    let encrypted = has("EncryptedPackage");
    let kind = if has("WordDocument") {
        OfficeKind::Doc
    } else if has("Workbook") || has("Book") {
        OfficeKind::Xls
    } else if has("PowerPoint Document") {
        OfficeKind::Ppt
    } else {
        OfficeKind::Compound
    };
    let mut office = Office { encrypted, ..Office::of(kind) };
    reading.facts.media_type = match kind {
        OfficeKind::Doc => Some("application/msword"),
        OfficeKind::Xls => Some("application/vnd.ms-excel"),
        OfficeKind::Ppt => Some("application/vnd.ms-powerpoint"),
        _ => None,
    };
    if let Some(document) = compound.stream("WordDocument") {
        office.encrypted |= document.get(11).is_some_and(|flags| flags & 1 == 1);
    }
    if let Some(workbook) = compound.stream("Workbook").or_else(|| compound.stream("Book")) {
        sheets(&workbook, &mut office);
    }
    if office.encrypted {
        let flavor = if kind == OfficeKind::Doc { "encrypted_word_document" } else { "encrypted_office_document" };
        reading.facts.flavors.push(flavor);
        reading.budget.note("the document wants a password");
    }
    if let Some(summary) = compound.stream("\u{5}SummaryInformation") {
        properties(&summary, reading);
        office.words = reading.facts.metadata.number("Words").and_then(|words| u64::try_from(words).ok());
    }
    if has("__properties_version1.0") {
        mail(&compound, reading);
    } else {
        reading.facts.office = Some(office);
    }
    embedded(&compound, reading);
}

/// Macros, and files that were put into the document.
fn embedded(compound: &Compound<'_>, reading: &mut Reading<'_, '_>) {
    let mut sources = Vec::new();
    for stream in &compound.streams {
        let name = stream.path.rsplit('/').next().unwrap_or_default();
        if !reading.budget.spend(stream.bytes.min(reading.budget.room())) {
            return;
        }
        if stream.path.contains("VBA/") {
            sources.extend(macros::source(&compound.content(stream), reading.budget));
        } else if name == "\u{1}Ole10Native" {
            let native = compound.content(stream);
            if let Some((name, content)) = packaged(&native) {
                reading.copy(name, content);
            }
        } else if name == "Package" {
            let content = compound.content(stream);
            reading.copy(name, &content);
        }
    }
    if !sources.is_empty() {
        reading.facts.macros = Some(macros::told(sources.concat()));
    }
}

/// A file that Windows' packager put into a document: its name and content.
fn packaged(native: &[u8]) -> Option<(String, &[u8])> {
    let label = to_nul(native.get(6..)?);
    let mut at = 6 + label.len() + 1;
    at += to_nul(native.get(at..)?).len() + 1;
    at += 4;
    at = at.checked_add(4)?.checked_add(u32_at(native, at)?)?;
    let bytes = u32_at(native, at)?;
    Some((text(label), part(native, at + 4, bytes)))
}

/// Encryption and macro sheets, by the records of a workbook (MS-XLS).
fn sheets(workbook: &[u8], office: &mut Office) {
    let mut at = 0;
    for _ in 0..RECORDS_MAX {
        let (Some(kind), Some(len)) = (u16_at(workbook, at), u16_at(workbook, at + 2)) else { return };
        match kind {
            0x2f => office.encrypted = true,
            0x85 => office.macro_sheets |= workbook.get(at + 9) == Some(&1),
            0x0a => return,
            _ => {}
        }
        at += 4 + len;
    }
}

/// The properties of the first section of a property set (MS-OLEPS §2.21).
fn properties(set: &[u8], reading: &mut Reading<'_, '_>) {
    let Some(section) = u32_at(set, 44).and_then(|at| set.get(at..)) else { return };
    let count = u32_at(section, 4).unwrap_or(0).min(256);
    for place in 0..count {
        let (Some(id), Some(at)) = (u32_at(section, 8 + 8 * place), u32_at(section, 12 + 8 * place)) else { return };
        let Some((_, name)) = PROPERTIES.iter().find(|(known, _)| *known == id) else { continue };
        let Some(value) = section.get(at..) else { continue };
        let value = match u32_at(value, 0) {
            Some(3) => u32_at(value, 4).map(|number| number.to_string()),
            Some(0x1e) => u32_at(value, 4).map(|len| text(to_nul(part(value, 8, len)))),
            Some(0x1f) => u32_at(value, 4).map(|len| wide(part(value, 8, len.saturating_mul(2)))),
            _ => None,
        };
        if let Some(value) = value {
            reading.facts.metadata.add(*name, value);
        }
    }
}

/// A saved message of Outlook (MS-OXMSG): its texts and attachments.
fn mail(compound: &Compound<'_>, reading: &mut Reading<'_, '_>) {
    reading.facts.media_type = Some("application/vnd.ms-outlook");
    reading.facts.flavors.push("msg_file");
    if let Some(body) = compound.stream("__substg1.0_1000001F") {
        reading.copy("body.txt", wide(&body).as_bytes());
    }
    if let Some(body) = compound.stream("__substg1.0_10130102") {
        reading.copy("body.html", &body);
    }
    if let Some(subject) = compound.stream("__substg1.0_0037001F") {
        reading.facts.metadata.add("Subject", wide(&subject));
    }
    for stream in &compound.streams {
        let Some(folder) = stream.path.strip_suffix("/__substg1.0_37010102") else { continue };
        if !reading.budget.spend(stream.bytes.min(reading.budget.room())) {
            return;
        }
        let name = ["3707001F", "3704001F"].iter().find_map(|id| compound.stream(&format!("{folder}/__substg1.0_{id}")));
        let content = compound.content(stream);
        reading.copy(name.map(|name| wide(&name)).unwrap_or_default(), &content);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::compound::tests::compound;
    use crate::files::explode::tests::{gaps, names, taken};

    #[test]
    fn a_document_tells_its_properties_and_its_packaged_files() {
        let mut summary = vec![0; 44];
        summary.extend_from_slice(&48_u32.to_le_bytes());
        for number in [0, 2, 4, 24, 15, 36] {
            summary.extend_from_slice(&u32::to_le_bytes(number));
        }
        summary.extend_from_slice(b"\x1e\0\0\0\x04\0\0\0Ann\0\x03\0\0\0\x2a\0\0\0");
        let native = b"\0\0\0\0\x02\0run.js\0C:\\run.js\0\0\0\x03\0\x02\0\0\0x\0\x05\0\0\0alert";
        let file = compound(&[
            ("WordDocument", b"\xec\xa5"),
            ("\u{5}SummaryInformation", &summary),
            ("\u{1}Ole10Native", native),
        ]);
        let exploded = taken("a.doc", &file);
        let facts = &exploded.found[0].facts;
        assert_eq!((facts.metadata.value("Author"), facts.metadata.number("Words")), (Some("Ann"), Some(42)));
        assert_eq!(facts.office.as_ref().map(|office| (office.kind, office.words)), Some((OfficeKind::Doc, Some(42))));
        assert_eq!(names(&exploded), ["a.doc", "run.js"]);
        assert_eq!(exploded.found[1].file.content(), Some(&b"alert"[..]));
    }

    #[test]
    fn macro_sheets_and_encryption_are_told() {
        let sheet = b"\x09\x08\x02\0\0\0\x85\0\x08\0\0\0\0\0\0\x01\x01a\x0a\0\0\0";
        let office = |file: &[u8]| taken("a.xls", file).found[0].facts.office.clone().expect("a document");
        assert!(office(&compound(&[("Workbook", sheet)])).macro_sheets);
        let exploded = taken("a.docx", &compound(&[("EncryptedPackage", b"xx")]));
        assert_eq!(gaps(&exploded), ["the document wants a password"]);
        assert!(office(&compound(&[("Workbook", b"\x2f\0\0\0")])).encrypted);
    }

    #[test]
    fn saved_mail_gives_its_texts() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let file = compound(&[
            ("__properties_version1.0", b""),
            ("__substg1.0_1000001F", &wide("Please pay")),
            ("__substg1.0_0037001F", &wide("Invoice")),
        ]);
        let exploded = taken("a.msg", &file);
        assert_eq!(exploded.found[1].file.content(), Some(&b"Please pay"[..]));
        assert_eq!(exploded.found[0].facts.metadata.value("Subject"), Some("Invoice"));
    }
}
