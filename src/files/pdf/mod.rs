//! PDF documents, read by the objects that stand in them: no table of theirs is trusted.

mod objects;
mod shown;

use std::collections::HashSet;

use objects::{Object, objects};

use super::bytes::{find, part, text};
use super::kind::{Kind, Reading};
use super::markup::{Piece, attribute, decoded, pieces};
use super::streams::inflate_zlib;
use super::javascript;

/// PDF documents. Readers look for the mark among the first KiB.
pub(super) const KIND: Kind = Kind {
    flavors: &["pdf_file"],
    media_type: "application/pdf",
    is: |head| find(&head.content[..head.content.len().min(1_024)], b"%PDF-", 0).is_some(),
    read,
};

/// Links of one document that are kept.
const URLS_MAX: usize = 1_000;
/// Bytes of the text of one document that are kept.
const TEXT_BYTES_MAX: usize = 1_048_576;
/// Files and pictures in one document that are taken out.
const MEMBERS_MAX: usize = 50;

/// What was found so far.
#[derive(Default)]
struct Document {
    pages: usize,
    urls: Vec<String>,
    seen: HashSet<String>,
    scripts: String,
    text: String,
    encrypted: bool,
}

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let mut document = Document::default();
    if let Some(at) = find(&content[..content.len().min(1_024)], b"%PDF-", 0) {
        reading.facts.metadata.add("PDFVersion", text(part(content, at + 5, 3)));
    }
    let all = objects(content);
    document.encrypted = objects::has(content, b"/Encrypt");
    for object in &all {
        if !reading.budget.spend(object.dictionary.len()) {
            break;
        }
        take(object, &mut document, reading);
    }
    for trailer in objects::trailers(content) {
        information(trailer, reading);
    }
    if document.encrypted {
        reading.facts.flavors.push("encrypted_pdf");
        reading.facts.metadata.add("Encryption", "Standard");
        reading.budget.note("the document is encrypted");
    }
    reading.facts.metadata.add("PageCount", document.pages.to_string());
    if find(content, b"startxref", 0).is_none() || all.is_empty() {
        reading.facts.metadata.add("Warning", "Invalid xref table");
    }
    if !document.text.trim().is_empty() {
        reading.copy("document.txt", document.text.as_bytes());
    }
    if !document.scripts.is_empty() && reading.budget.spend(document.scripts.len()) {
        reading.facts.javascript = Some(javascript::read(&document.scripts));
        reading.copy("script.js", document.scripts.as_bytes());
    }
    reading.facts.pdf_urls = Some(document.urls);
}

/// Takes what one object says.
fn take(object: &Object<'_>, document: &mut Document, reading: &mut Reading<'_, '_>) {
    say(object.dictionary, document, reading);
    let Some(packed) = object.stream else { return };
    let kind = objects::name(object.dictionary, b"/Subtype");
    let filter = objects::filters(object.dictionary);
    if kind == Some(b"Image") {
        if filter.ends_with(b"DCTDecode") && reading.members.len() < MEMBERS_MAX {
            reading.copy(format!("image{}.jpg", object.number), packed);
        } else if filter == b"FlateDecode" && !document.encrypted {
            image(object, packed, reading);
        }
        return;
    }
    // Fonts are the largest part of most documents, and show nothing.
    let of_font = [b"/FontFile".as_slice(), b"/Length1", b"/Length2", b"/Subtype/CIDFontType0C", b"/Subtype /Type1C"];
    if document.encrypted || of_font.iter().any(|mark| find(object.dictionary, mark, 0).is_some()) {
        return;
    }
    let unpacked = match filter {
        b"" => reading.budget.copy(packed),
        b"FlateDecode" => inflate_zlib(packed, reading.budget),
        _ => return,
    };
    match objects::name(object.dictionary, b"/Type") {
        Some(b"ObjStm") => {
            for dictionary in objects::packed(&unpacked, object.dictionary) {
                say(dictionary, document, reading);
            }
        }
        Some(b"Metadata") => metadata(&text(&unpacked), reading),
        Some(b"EmbeddedFile") if reading.members.len() < MEMBERS_MAX => {
            reading.add(format!("embedded{}", object.number), unpacked);
        }
        Some(b"XRef") => information(object.dictionary, reading),
        _ if object.is_script => push(&mut document.scripts, &text(&unpacked)),
        _ => shown::push(&unpacked, &mut document.text, TEXT_BYTES_MAX),
    }
}

/// Takes what a dictionary says: a page, a link, a script, who wrote it.
fn say(dictionary: &[u8], document: &mut Document, reading: &mut Reading<'_, '_>) {
    document.pages += usize::from(objects::name(dictionary, b"/Type") == Some(b"Page"));
    let mut from = 0;
    while let Some((url, behind)) = objects::string(dictionary, b"/URI", from) {
        from = behind;
        if document.urls.len() < URLS_MAX && !url.is_empty() && document.seen.insert(url.clone()) {
            document.urls.push(url);
        }
    }
    if let Some((script, _)) = objects::string(dictionary, b"/JS", 0) {
        push(&mut document.scripts, &script);
    }
    information(dictionary, reading);
}

/// Takes the entries of a document information dictionary (ISO 32000-2 §14.3.3).
fn information(dictionary: &[u8], reading: &mut Reading<'_, '_>) {
    let marks = [b"/Producer".as_slice(), b"/Creator", b"/CreationDate", b"/ModDate"];
    if !marks.iter().any(|mark| find(dictionary, mark, 0).is_some()) {
        return;
    }
    let names: [(&[u8], &str); 8] = [
        (b"/Title", "Title"), (b"/Author", "Author"), (b"/Subject", "Subject"), (b"/Keywords", "Keywords"),
        (b"/Creator", "Creator"), (b"/Producer", "Producer"), (b"/CreationDate", "CreateDate"), (b"/ModDate", "ModifyDate"),
    ];
    for (key, name) in names {
        if let Some((value, _)) = objects::string(dictionary, key, 0) {
            reading.facts.metadata.add(name, value);
        }
    }
}

/// Takes the properties of a packet of XMP (ISO 16684-1), under the names that ExifTool gives them.
fn metadata(xmp: &str, reading: &mut Reading<'_, '_>) {
    let wanted = |name: &str| match name {
        "pdf:Producer" => Some("Producer"),
        "xmp:CreatorTool" | "xap:CreatorTool" => Some("CreatorTool"),
        "dc:title" => Some("Title"),
        "dc:creator" => Some("Creator"),
        "xmpMM:DocumentID" => Some("DocumentID"),
        _ => None,
    };
    let mut open = None;
    for piece in pieces(xmp) {
        match piece {
            Piece::Open("x:xmpmeta", attributes) => {
                if let Some(kit) = attribute(attributes, "x:xmptk") {
                    reading.facts.metadata.add("XMPToolkit", kit);
                }
            }
            Piece::Open("rdf:Description", attributes) => {
                for name in ["pdf:Producer", "xmp:CreatorTool"] {
                    if let (Some(known), Some(value)) = (wanted(name), attribute(attributes, name)) {
                        reading.facts.metadata.add(known, value);
                    }
                }
            }
            Piece::Open(name, _) => open = wanted(name).or(open),
            Piece::Text(value) if !value.trim().is_empty() => {
                if let Some(name) = open.take() {
                    reading.facts.metadata.add(name, decoded(value.trim()));
                }
            }
            Piece::Close(name) if wanted(name).is_some() => open = None,
            _ => {}
        }
    }
}

/// Seeks codes in a picture whose pixels stand as they are: drawn codes are kept so.
fn image(object: &Object<'_>, packed: &[u8], reading: &mut Reading<'_, '_>) {
    let number = |key: &[u8]| objects::number(object.dictionary, key);
    let (Some(width), Some(height)) = (number(b"/Width"), number(b"/Height")) else { return };
    let bits = number(b"/BitsPerComponent").unwrap_or(8);
    let predicted = number(b"/Predictor").is_some_and(|predictor| predictor > 1);
    if predicted || !super::pictures::fits(width, height, reading) {
        return;
    }
    let pixels = inflate_zlib(packed, reading.budget);
    let rows = width.div_ceil(8);
    match bits {
        1 if pixels.len() >= rows.saturating_mul(height) => {
            let bit = |place: usize| pixels[place / width * rows + place % width / 8] >> (7 - place % width % 8) & 1;
            let spread: Vec<u8> = (0..width * height).map(|place| bit(place) * 255).collect();
            super::pictures::codes(&spread, width, height, 1, reading);
        }
        8 => {
            let samples = pixels.len() / (width * height).max(1);
            if matches!(samples, 1 | 3) {
                super::pictures::codes(&pixels, width, height, samples, reading);
            }
        }
        _ => {}
    }
}

fn push(scripts: &mut String, script: &str) {
    if scripts.len() < TEXT_BYTES_MAX {
        scripts.push_str(script);
        scripts.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::explode::tests::{gaps, names, taken};

    fn object(number: usize, dictionary: &str, stream: &[u8]) -> Vec<u8> {
        let mut out = format!("{number} 0 obj\n<<{dictionary}").into_bytes();
        if stream.is_empty() {
            out.extend_from_slice(b">>\nendobj\n");
            return out;
        }
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(stream, 6);
        out.extend_from_slice(format!("/Filter/FlateDecode/Length {}>>\nstream\n", packed.len()).as_bytes());
        out.extend_from_slice(&packed);
        out.extend_from_slice(b"\nendstream\nendobj\n");
        out
    }

    fn document(objects: &[Vec<u8>]) -> Vec<u8> {
        [b"%PDF-1.7\n".to_vec(), objects.concat(), b"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF".to_vec()].concat()
    }

    #[test]
    fn links_pages_texts_scripts_and_metadata_are_found() {
        let packed = b"7 0 8 30 <</Type/Page/X 1>>            <</S/URI/URI(https://b.example/)>>";
        let file = document(&[
            object(1, "/Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\('x'\\))>>", b""),
            object(2, "/Type /Page /Annots[3 0 R]", b""),
            object(3, "/A<</S/URI/URI (https://a.example/x\\)y)>>", b""),
            object(4, "", b"BT /F1 12 Tf (Pay) Tj 0 -14 Td [(n) -20 (ow)] TJ ET"),
            object(5, "/Producer(Soda PDF)/Title<FEFF00410042>/Author(Ann)", b""),
            object(6, "/Type/ObjStm/N 2/First 9", packed),
            object(9, "/Type/Metadata", b"<x:xmpmeta x:xmptk='Kit 1'><pdf:Producer>Other</pdf:Producer></x:xmpmeta>"),
            object(10, "/Type/EmbeddedFile", b"MZ program"),
        ]);
        let exploded = taken("a.pdf", &file);
        let facts = &exploded.found[0].facts;
        let urls = ["https://a.example/x)y", "https://b.example/"].map(str::to_owned);
        assert_eq!(facts.pdf_urls.as_deref(), Some(&urls[..]));
        let metadata = &facts.metadata;
        assert_eq!((metadata.value("Producer"), metadata.value("Title")), (Some("Soda PDF"), Some("AB")));
        assert_eq!((metadata.number("PageCount"), metadata.value("XMPToolkit")), (Some(2), Some("Kit 1")));
        assert_eq!(exploded.found[2].file.text(&[]).as_deref().map(str::trim), Some("Pay\nnow"));
        assert_eq!(facts.javascript.as_ref().map(|script| script.strings.len()), Some(1));
        assert_eq!(names(&exploded), ["a.pdf", "embedded10", "document.txt", "script.js"]);
        assert_eq!(gaps(&exploded), [] as [&str; 0]);
    }

    #[test]
    fn an_encrypted_document_says_so() {
        let exploded = taken("a.pdf", b"%PDF-1.4\ntrailer<</Encrypt 5 0 R>>\nstartxref");
        assert_eq!(exploded.found[0].facts.metadata.value("Encryption"), Some("Standard"));
        assert_eq!(gaps(&exploded), ["the document is encrypted"]);
    }

    #[test]
    fn five_thousand_pages_end_within_the_budget() {
        let page = |number: usize| {
            let text = format!("BT (page {number} of a long report) Tj ET ").repeat(20);
            [object(number, "/Type/Page", b""), object(number + 5_000, "", text.as_bytes())].concat()
        };
        let pages: Vec<Vec<u8>> = (1..=5_000).map(page).collect();
        let exploded = taken("a.pdf", &document(&pages));
        assert_eq!(exploded.found[0].facts.metadata.number("PageCount"), Some(5_000));
        let text = exploded.found.last().expect("a text");
        assert!(text.file.bytes > 100_000 && text.file.bytes <= TEXT_BYTES_MAX + 100, "{}", text.file.bytes);
    }

    #[test]
    fn objects_that_never_end_take_little_time() {
        for part in ["1 0 obj ", "1 0 obj stream ", "1 0 obj << /JS 1 0 R ", "1 0 obj endobj "] {
            let begun = std::time::Instant::now();
            taken("a.pdf", format!("%PDF-1.7 {}", part.repeat(2_000_000 / part.len())).as_bytes());
            assert!(begun.elapsed().as_secs() < 20, "{part}: {:?}", begun.elapsed());
        }
    }

    #[test]
    fn a_stream_that_unpacks_without_end_is_cut() {
        let file = document(&(0..20).map(|number| object(number, "", &vec![b' '; 12_000_000])).collect::<Vec<_>>());
        assert!(gaps(&taken("a.pdf", &file)).contains(&"the file holds more bytes than are unpacked"));
    }
}
