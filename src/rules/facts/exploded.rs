//! What is inside a file, by scanner.

use super::attachment::{self, attachment};
use super::calendar::scanned;
use super::{View, url};
use crate::files::{self, Exploded, Found, Macros, Office, OfficeKind, ZipFacts};
use crate::message::Attachment;
use crate::rules::evaluate::{Value, filed, object};
use crate::rules::schema::Object;

/// Why nothing is known of the content of a file.
const NOT_KEPT: &str = "the content of this file is not at hand";

/// A file taken apart: itself first, then the files in it. Where something could not be looked into, a null that says
/// so stands at the end: what is sought may be there.
pub fn exploded<'m>(view: View<'m>, file: &'m Attachment) -> Value<'m> {
    let Some(Exploded { found, gaps }) = files::exploded(file, view.message.attachments.len()) else {
        return Value::lacking(NOT_KEPT);
    };
    let gap = (!gaps.is_empty()).then(|| Value::lacking("a part of the file could not be looked into"));
    Value::list(found.iter().map(|found| node(view, found)).chain(gap))
}

/// The files in an archive, all depths together.
pub fn expanded<'m>(view: View<'m>, file: &'m Attachment) -> Value<'m> {
    let Some(Exploded { found, .. }) = files::exploded(file, view.message.attachments.len()) else {
        return Value::lacking(NOT_KEPT);
    };
    let files = Value::list(found.iter().skip(1).map(|found| attachment(&found.file)));
    object(Object::Archive, move |_| files.clone())
}

fn node<'m>(view: View<'m>, found: &'m Found) -> Value<'m> {
    let file = &found.file;
    filed(Object::Exploded, file, move |name| match name {
        "depth" => Value::Integer(found.depth as i64),
        "file_name" => Value::text_or_absent(&file.name),
        "file_extension" => Value::text_or_absent(&file.extension),
        "size" => Value::Integer(file.bytes as i64),
        "flavors" => object(Object::Flavors, move |name| match name {
            "mime" => {
                let kind = found.kind.map(|kind| kind.media_type);
                Value::text(found.facts.media_type.or(kind).unwrap_or("application/octet-stream"))
            }
            _ => Value::texts(found.kind.iter().flat_map(|kind| kind.flavors).chain(&found.facts.flavors)),
        }),
        _ => object(Object::Scan, move |name| scan(view, found, name)),
    })
}

/// What one scanner found; null where it had nothing to do.
fn scan<'m>(view: View<'m>, found: &'m Found, name: &str) -> Value<'m> {
    let facts = &found.facts;
    let Some(content) = found.file.content() else { return Value::lacking(NOT_KEPT) };
    match name {
        "strings" => object(Object::ScanStrings, move |name| match name {
            "raw" => Value::text_or_absent(files::raw(content)),
            _ => Value::texts(files::runs(content)),
        }),
        "url" => object(Object::ScanUrl, move |name| match name {
            "urls" => {
                let mut all = files::urls(&files::raw(content));
                all.extend(facts.pdf_urls.iter().flatten().filter(|url| url.contains(':')).cloned());
                all.sort_unstable();
                all.dedup();
                Value::list(all.iter().map(|text| url(text)))
            }
            _ => Value::list([]),
        }),
        "hash" => object(Object::ScanHash, move |name| attachment::fact(&found.file, name)),
        "entropy" => object(Object::ScanEntropy, move |_| Value::Float(files::entropy(content))),
        "yara" => yara(view, content),
        // Where nothing is drawn, there is nothing to read.
        "ocr" if is_drawn(found) => object(Object::ScanOcr, |_| Value::ABSENT),
        "ocr" => Value::ABSENT,
        "qr" => Value::maybe(facts.codes.first(), |code| self::code(Object::ScanQr, code)),
        "exiftool" if facts.metadata.is_empty() => Value::ABSENT,
        "exiftool" => object(Object::ScanExif, move |name| metadata(&facts.metadata, name)),
        "pdf" => Value::maybe(facts.pdf_urls.as_ref(), |urls| {
            object(Object::ScanPdf, move |_| Value::list(urls.iter().map(|text| url(text))))
        }),
        "pdf_obj_hash" => Value::maybe(facts.pdf_urls.as_ref(), |_| object(Object::ScanPdfHash, |_| Value::ABSENT)),
        "zip" => Value::maybe(facts.zip.as_ref(), zip),
        "encrypted_zip" => Value::maybe(facts.zip.as_ref().filter(|zip| zip.encrypted), |_| {
            object(Object::ScanEncryptedZip, |_| Value::ABSENT)
        }),
        "docx" => Value::maybe(of_kind(found, &[OfficeKind::Docx, OfficeKind::Doc]), |office| {
            document(Object::ScanDocx, found, office)
        }),
        "pptx" => Value::maybe(of_kind(found, &[OfficeKind::Pptx, OfficeKind::Ppt]), |office| {
            document(Object::ScanPptx, found, office)
        }),
        "vba" => Value::maybe(facts.macros.as_ref(), macros),
        "ics" => Value::maybe(facts.calendar.as_ref(), scanned),
        _ => page(found, name),
    }
}

/// Whether a reader sees a picture or drawn page, and not its characters.
fn is_drawn(found: &Found) -> bool {
    let media_type = found.kind.map_or("", |kind| kind.media_type);
    media_type.starts_with("image/") || media_type == "application/pdf"
}

/// What scanners of pages found.
fn page<'m>(found: &'m Found, name: &str) -> Value<'m> {
    let facts = &found.facts;
    match name {
        "javascript" => Value::maybe(facts.javascript.as_ref(), |script| {
            object(Object::ScanJavascript, move |name| match name {
                "identifiers" => Value::texts(&script.identifiers),
                "keywords" => Value::texts(&script.keywords),
                _ => Value::texts(&script.strings),
            })
        }),
        "html" => Value::maybe(facts.page.as_ref(), |page| {
            object(Object::ScanHtml, move |name| match name {
                "title" => Value::maybe(page.title.as_ref(), Value::text),
                _ => Value::list(
                    page.scripts
                        .iter()
                        .map(|language| object(Object::Script, move |_| Value::maybe(language.as_ref(), Value::text))),
                ),
            })
        }),
        "xml" => Value::maybe(facts.tags.as_ref(), |tags| object(Object::ScanXml, move |_| Value::texts(tags))),
        _ => Value::ABSENT,
    }
}

fn yara<'m>(view: View<'m>, content: &[u8]) -> Value<'m> {
    let Some(signatures) = view.signatures.filter(|signatures| signatures.count() > 0) else {
        return Value::lacking("no YARA rules are at hand");
    };
    let Some(matches) = signatures.scan(content) else {
        return Value::lacking("the YARA rules took too long over this file");
    };
    let matches = Value::list(matches.into_iter().map(|signature| {
        object(Object::YaraMatch, move |name| match name {
            "name" => Value::text(&signature.name),
            _ => Value::texts(&signature.tags),
        })
    }));
    object(Object::ScanYara, move |_| matches.clone())
}

/// A QR code, in one of the two objects that speak of one.
pub(super) fn code<'m>(kind: Object, data: &'m str) -> Value<'m> {
    let is_url = data.get(..8).is_some_and(|start| {
        let start = start.to_ascii_lowercase();
        start.starts_with("http://") || start.starts_with("https://")
    });
    object(kind, move |name| match name {
        "data" => Value::text(data),
        "type" => Value::text(if is_url { "url" } else { "undefined" }),
        _ if is_url => url(data),
        _ => Value::ABSENT,
    })
}

/// The QR codes of a file and of the pictures in it.
pub fn codes<'m>(view: View<'m>, file: &'m Attachment) -> Value<'m> {
    let Some(Exploded { found, .. }) = files::exploded(file, view.message.attachments.len()) else {
        return Value::lacking(NOT_KEPT);
    };
    let codes = found.iter().flat_map(|found| &found.facts.codes);
    let items: Vec<Value<'m>> = codes.map(|data| code(Object::QrItem, data)).collect();
    object(Object::Qr, move |name| match name {
        "items" => Value::list(items.iter().cloned()),
        _ => Value::Boolean(!items.is_empty()),
    })
}

/// The metadata of a file itself.
pub fn exif<'m>(view: View<'m>, file: &'m Attachment) -> Value<'m> {
    match files::exploded(file, view.message.attachments.len()).and_then(|exploded| exploded.found.first()) {
        Some(found) => object(Object::Exif, move |name| metadata(&found.facts.metadata, name)),
        None => Value::lacking(NOT_KEPT),
    }
}

fn metadata<'m>(metadata: &'m files::Metadata, name: &str) -> Value<'m> {
    let text = |names: &[&str]| Value::maybe(names.iter().find_map(|name| metadata.value(name)), Value::text);
    let number = |names: &[&str]| Value::maybe(names.iter().find_map(|name| metadata.number(name)), Value::Integer);
    match name {
        "fields" => Value::list(metadata.entries().map(|(key, value)| {
            object(Object::KeyValue, move |name| Value::text(if name == "key" { key } else { value }))
        })),
        "creator" => text(&["Creator", "CreatorTool"]),
        "producer" => text(&["Producer"]),
        "author" => text(&["Author"]),
        "title" => text(&["Title"]),
        "page_count" => number(&["PageCount", "Pages"]),
        "image_width" => number(&["ImageWidth"]),
        "image_height" => number(&["ImageHeight"]),
        "zip_file_name" => text(&["ZipFileName"]),
        _ => number(&["ZipUncompressedSize"]),
    }
}

fn zip(zip: &ZipFacts) -> Value<'_> {
    object(Object::ScanZip, move |name| match name {
        "all_paths" => Value::texts(&zip.paths),
        "attempted_files" => Value::texts(&zip.tried),
        _ => Value::Boolean(zip.encrypted),
    })
}

fn of_kind<'m>(found: &'m Found, kinds: &[OfficeKind]) -> Option<&'m Office> {
    found.facts.office.as_ref().filter(|office| kinds.contains(&office.kind))
}

fn document<'m>(kind: Object, found: &'m Found, office: &'m Office) -> Value<'m> {
    object(kind, move |name| match name {
        "author" => {
            let author = found.facts.metadata.value("Author").or_else(|| found.facts.metadata.value("Creator"));
            Value::maybe(author, Value::text)
        }
        "image_count" => Value::Integer(office.images as i64),
        _ => Value::maybe(office.words, |words| Value::Integer(words as i64)),
    })
}

fn macros(macros: &Macros) -> Value<'_> {
    object(Object::ScanVba, move |name| match name {
        "auto_exec" => Value::texts(&macros.auto_exec),
        _ => Value::texts(&macros.hex),
    })
}

/// The risks of a document, all files in it together.
pub fn oletools<'m>(view: View<'m>, file: &'m Attachment) -> Value<'m> {
    let Some(Exploded { found, .. }) = files::exploded(file, view.message.attachments.len()) else {
        return Value::lacking(NOT_KEPT);
    };
    let Some(office) = found.first().and_then(|found| found.facts.office.as_ref()) else { return Value::ABSENT };
    let all = || found.iter().filter_map(|found| found.facts.macros.as_ref());
    object(Object::Oletools, move |name| match name {
        "indicators" => object(Object::OleIndicators, move |name| {
            let suspicious = all().any(|macros| !macros.auto_exec.is_empty() || !macros.suspicious.is_empty());
            let sheets = found.iter().filter_map(|found| found.facts.office.as_ref()).any(|office| office.macro_sheets);
            match name {
                "encryption" => indicator(office.encrypted, "", "low"),
                "file_format" => indicator(true, office.kind.name(), "none"),
                "vba_macros" => indicator(all().next().is_some(), "", if suspicious { "high" } else { "medium" }),
                "xlm_macros" => indicator(sheets, "", "medium"),
                _ => indicator(!office.relationships.is_empty(), "", "high"),
            }
        }),
        "macros" => object(Object::OleMacros, move |_| {
            let words = all().flat_map(|macros| {
                let auto_exec = macros.auto_exec.iter().map(|word| ("AutoExec", word));
                let hex = macros.hex.iter().map(|word| ("Hex String", word));
                auto_exec.chain(macros.suspicious.iter().map(|word| ("Suspicious", word))).chain(hex)
            });
            Value::list(words.map(|(kind, word)| {
                object(Object::OleKeyword, move |name| Value::text(if name == "type" { kind } else { word.as_str() }))
            }))
        }),
        _ => Value::list(office.relationships.iter().map(|relationship| {
            object(Object::OleRelationship, move |name| match name {
                "name" => Value::text_or_absent(&relationship.name),
                "target" => Value::text_or_absent(&relationship.target),
                _ => url(&relationship.target),
            })
        })),
    })
}

fn indicator<'m>(exists: bool, value: &'static str, risk: &'static str) -> Value<'m> {
    object(Object::OleIndicator, move |name| match name {
        "exists" => Value::Boolean(exists),
        "value" => Value::text_or_absent(value),
        _ => Value::text(if exists { risk } else { "none" }),
    })
}
