//! Documents of newer Office: archives of XML (ECMA-376).

use super::bytes::text;
use super::kind::Reading;
use super::markup::{Piece, attribute, decoded, local, pieces};
use super::{Office, OfficeKind, Relationship};

/// References of one document that are kept.
const RELATIONSHIPS_MAX: usize = 2_000;
/// Bytes of a document's text that are kept.
const TEXT_BYTES_MAX: usize = 1_048_576;

/// Names of properties in ExifTool, where they differ from those of the format.
const NAMES: &[(&str, &str)] = &[
    ("creator", "Creator"),
    ("title", "Title"),
    ("subject", "Subject"),
    ("description", "Description"),
    ("keywords", "Keywords"),
    ("lastModifiedBy", "LastModifiedBy"),
    ("created", "CreateDate"),
    ("modified", "ModifyDate"),
    ("revision", "RevisionNumber"),
    ("category", "Category"),
    ("TotalTime", "TotalEditTime"),
];

/// Adds what is known of the document, where the archive is one.
pub(super) fn read(reading: &mut Reading<'_, '_>) {
    let has = |name: &str| reading.members.iter().any(|member| member.name.starts_with(name));
    let (kind, media_type) = if !has("[Content_Types].xml") {
        return;
    } else if has("word/") {
        (OfficeKind::Docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    } else if has("xl/") {
        (OfficeKind::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    } else if has("ppt/") {
        (OfficeKind::Pptx, "application/vnd.openxmlformats-officedocument.presentationml.presentation")
    } else {
        return;
    };
    reading.facts.media_type = Some(media_type);
    reading.facts.flavors.push("ooxml_file");
    let (mut office, mut shown) = (Office::of(kind), String::new());
    for member in &reading.members {
        let name = member.name.as_str();
        office.images += u64::from(name.contains("/media/"));
        office.macro_sheets |= name.contains("/macrosheets/");
        let Some(content) = &member.content else { continue };
        if name.ends_with(".rels") {
            relationships(&text(content), &mut office.relationships);
        } else if matches!(name, "docProps/core.xml" | "docProps/app.xml") {
            for (name, value) in properties(&text(content)) {
                reading.facts.metadata.add(name, value);
            }
        } else if name == "docProps/custom.xml" {
            for (name, value) in custom(&text(content)) {
                reading.facts.metadata.add(name, value);
            }
        } else if is_shown(name) && shown.len() < TEXT_BYTES_MAX {
            push_text(&text(content), &mut shown);
        }
    }
    let counted = reading.facts.metadata.number("Words").and_then(|words| u64::try_from(words).ok());
    office.words = counted.or(Some(shown.split_whitespace().count() as u64));
    if !shown.is_empty() {
        reading.copy("document.txt", shown.as_bytes());
    }
    reading.facts.office = Some(office);
}

/// Whether a part holds text that a reader sees.
fn is_shown(name: &str) -> bool {
    let slide = name.starts_with("ppt/slides/slide") && name.ends_with(".xml");
    slide || matches!(name, "word/document.xml" | "word/footnotes.xml" | "xl/sharedStrings.xml")
}

/// Adds the text of a part: paragraphs and cells are lines.
fn push_text(xml: &str, out: &mut String) {
    let mut within = false;
    for piece in pieces(xml) {
        match piece {
            Piece::Open(name, _) => match local(name) {
                "t" => within = true,
                "tab" => out.push('\t'),
                "br" => out.push('\n'),
                _ => {}
            },
            Piece::Close(name) => match local(name) {
                "t" => within = false,
                "p" | "si" => out.push('\n'),
                _ => {}
            },
            Piece::Text(text) if within && out.len() < TEXT_BYTES_MAX => out.push_str(&decoded(text)),
            Piece::Text(_) => {}
        }
    }
}

/// References to what lies outside the document.
fn relationships(xml: &str, out: &mut Vec<Relationship>) {
    for piece in pieces(xml) {
        let Piece::Open(name, attributes) = piece else { continue };
        let external = attribute(attributes, "TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
        if local(name) != "Relationship" || !external || out.len() >= RELATIONSHIPS_MAX {
            continue;
        }
        let kind = attribute(attributes, "Type").unwrap_or_default();
        out.push(Relationship {
            name: kind.rsplit('/').next().unwrap_or_default().to_owned(),
            target: attribute(attributes, "Target").unwrap_or_default().into_owned(),
        });
    }
}

/// The properties of a document; those of several values as a list in JSON.
fn properties(xml: &str) -> Vec<(String, String)> {
    let (mut found, mut open, mut values) = (Vec::new(), None::<String>, Vec::new());
    let mut depth = 0_usize;
    for piece in pieces(xml) {
        match piece {
            Piece::Open(name, _) => {
                depth += 1;
                if depth == 2 {
                    open = Some(local(name).to_owned());
                    values.clear();
                }
            }
            Piece::Text(text) if depth > 2 && text.trim().is_empty() => {}
            Piece::Text(text) if depth >= 2 => values.push(decoded(text).into_owned()),
            Piece::Text(_) => {}
            Piece::Close(_) => {
                depth = depth.saturating_sub(1);
                let ended = open.take_if(|_| depth == 1);
                let Some(name) = ended.filter(|_| !values.is_empty()) else { continue };
                let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, name)| (*name).to_owned());
                let value = match values.as_slice() {
                    [only] if !name.starts_with("TitlesOf") => only.clone(),
                    several => serde_json::Value::from(several.to_vec()).to_string(),
                };
                let name = if name == "HLinks" { "Hyperlinks".to_owned() } else { known.unwrap_or(name) };
                found.push((name, value));
            }
        }
    }
    found
}

/// The properties that its author or a program added.
fn custom(xml: &str) -> Vec<(String, String)> {
    let (mut found, mut open) = (Vec::new(), None::<String>);
    for piece in pieces(xml) {
        match piece {
            Piece::Open(name, attributes) if local(name) == "property" => {
                // ExifTool puts `Tag` before a name that begins with no letter.
                open = attribute(attributes, "name").map(|name| match name.as_bytes().first() {
                    Some(first) if first.is_ascii_alphabetic() => name.into_owned(),
                    _ => format!("Tag{name}"),
                });
            }
            Piece::Text(text) if !text.trim().is_empty() => {
                found.extend(open.take().map(|name| (name, decoded(text).into_owned())));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::explode::tests::{names, taken};
    use crate::files::zip::tests::archive;

    #[test]
    fn a_document_tells_its_text_properties_and_references() {
        let file = archive(
            &[
                ("[Content_Types].xml", b"<Types/>"),
                ("word/document.xml", b"<w:p><w:r><w:t>Pay &amp; go</w:t></w:r></w:p><w:p><w:t>now</w:t></w:p>"),
                ("word/media/image1.png", b"x"),
                (
                    "word/_rels/document.xml.rels",
                    b"<Relationships><Relationship Type=\"http://x/hyperlink\" Target=\"https://a.example/\" \
                      TargetMode=\"External\"/><Relationship Type=\"http://x/image\" Target=\"i.png\"/></Relationships>",
                ),
                ("docProps/core.xml", b"<cp:coreProperties><dc:creator>Ann</dc:creator></cp:coreProperties>"),
                (
                    "docProps/app.xml",
                    b"<Properties><Pages>2</Pages><TitlesOfParts><vt:vector><vt:lpstr>One</vt:lpstr></vt:vector>\
                      </TitlesOfParts></Properties>",
                ),
                (
                    "docProps/custom.xml",
                    b"<Properties><property name=\"_AssemblyLocation\"><vt:lpwstr>a.vsto</vt:lpwstr></property></Properties>",
                ),
            ],
            0,
        );
        let exploded = taken("a.docx", &file);
        let facts = &exploded.found[0].facts;
        let office = facts.office.as_ref().expect("a document");
        assert_eq!((office.kind, office.images, office.words), (OfficeKind::Docx, 1, Some(4)));
        let text = exploded.found.last().and_then(|found| found.file.content());
        assert_eq!(text, Some(&b"Pay & go\nnow\n"[..]));
        let expected = Relationship { name: "hyperlink".to_owned(), target: "https://a.example/".to_owned() };
        assert_eq!(office.relationships, [expected]);
        let metadata = &facts.metadata;
        assert_eq!((metadata.value("Creator"), metadata.number("Pages")), (Some("Ann"), Some(2)));
        assert_eq!(metadata.value("TitlesOfParts"), Some("[\"One\"]"));
        assert_eq!(metadata.value("Tag_AssemblyLocation"), Some("a.vsto"));
        assert_eq!(names(&exploded).last().map(String::as_str), Some("document.txt"));
    }

    #[test]
    fn an_archive_is_no_document() {
        let exploded = taken("a.zip", &archive(&[("word/document.xml", b"<w:t>x</w:t>")], 0));
        assert_eq!(exploded.found[0].facts.office, None);
    }
}
