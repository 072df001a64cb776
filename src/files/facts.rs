//! What is known of a file by its kind.

use super::Calendar;
use super::metadata::Metadata;

/// What is known of a file; `None` for what is not its kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Its media type, where that says more than its kind.
    pub media_type: Option<&'static str>,
    /// Names of its kind besides those that every file of the kind has.
    pub flavors: Vec<&'static str>,
    /// A zip archive.
    pub zip: Option<ZipFacts>,
    /// Metadata, under the names that ExifTool gives it.
    pub metadata: Metadata,
    /// Scripts of the page, or the script that it is.
    pub javascript: Option<JavaScript>,
    /// A page.
    pub page: Option<PageFacts>,
    /// The elements of an XML document, each once.
    pub tags: Option<Vec<String>>,
    /// URLs of a PDF document's links.
    pub pdf_urls: Option<Vec<String>>,
    /// An Office document.
    pub office: Option<Office>,
    /// Macros.
    pub macros: Option<Macros>,
    /// QR codes of a picture; empty where there are none.
    pub codes: Vec<String>,
    /// A calendar.
    pub calendar: Option<Calendar>,
}

/// A zip archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZipFacts {
    /// The paths of its members.
    pub paths: Vec<String>,
    /// Those of them that were tried to be unpacked.
    pub tried: Vec<String>,
    /// Whether a member is encrypted.
    pub encrypted: bool,
}

/// Scripts in JavaScript.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JavaScript {
    /// Names, each once.
    pub identifiers: Vec<String>,
    /// Keywords, each once.
    pub keywords: Vec<String>,
    /// Literal strings.
    pub strings: Vec<String>,
}

/// A page of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageFacts {
    /// Its title.
    pub title: Option<String>,
    /// The language of each script, as it is stated.
    pub scripts: Vec<Option<String>>,
}

/// What an Office document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfficeKind {
    /// A text in OOXML.
    Docx,
    /// A sheet in OOXML.
    Xlsx,
    /// A presentation in OOXML.
    Pptx,
    /// A text in the older binary format.
    Doc,
    /// A sheet in the older binary format.
    Xls,
    /// A presentation in the older binary format.
    Ppt,
    /// Rich text.
    Rtf,
    /// Another compound file.
    Compound,
}

impl OfficeKind {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docx => "MS Word 2007+ Document",
            Self::Xlsx => "MS Excel 2007+ Workbook",
            Self::Pptx => "MS PowerPoint 2007+ Presentation",
            Self::Doc => "MS Word 97-2003 Document or Template",
            Self::Xls => "MS Excel 97-2003 Workbook or Template",
            Self::Ppt => "MS PowerPoint 97-2003 Presentation or Template",
            Self::Rtf => "Rich Text Format",
            Self::Compound => "Generic OLE file",
        }
    }
}

/// An Office document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// What it is.
    pub kind: OfficeKind,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Whether it has macro sheets of Excel 4.
    pub macro_sheets: bool,
    /// Words; `None` where they were not counted.
    pub words: Option<u64>,
    /// Images.
    pub images: u64,
    /// What it refers to.
    pub relationships: Vec<Relationship>,
}

impl Office {
    /// A document of which only the kind is known.
    pub(super) fn of(kind: OfficeKind) -> Self {
        Self { kind, encrypted: false, macro_sheets: false, words: None, images: 0, relationships: Vec::new() }
    }
}

/// What a document refers to outside itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relationship {
    /// What kind of reference it is: `hyperlink`, `attachedTemplate`.
    pub name: String,
    /// Where to.
    pub target: String,
}

/// Macros in Visual Basic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Macros {
    /// Procedures that run by themselves.
    pub auto_exec: Vec<String>,
    /// Words that macros of attacks use.
    pub suspicious: Vec<String>,
    /// Texts that stand in the source as hexadecimal digits.
    pub hex: Vec<String>,
    /// The source.
    pub source: String,
}
