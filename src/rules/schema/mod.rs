//! The data model: what a rule may ask of a message, and of what functions give; every path typed, in one table.

mod kind;
mod message;
mod scan;
mod services;
mod shared;

pub use kind::{Base, Type};

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Type,
    /// What that means.
    pub about: &'static str,
    /// Why Kith cannot tell it yet; `None` where it can.
    pub lacks: Option<&'static str>,
}

/// Declares kinds of objects with their fields: `name: TYPE, "what it means";`, and where Kith cannot tell it yet
/// `name: TYPE, "what it means", "why not";`.
macro_rules! objects {
    ($($(#[doc = $about:literal])+ $object:ident { $($field:ident: $holds:expr, $means:literal $(, $lacks:literal)?;)* })+) => {
        $(
            $(#[doc = $about])+
            pub const $object: crate::rules::schema::Table = crate::rules::schema::Table {
                about: concat!($($about),+),
                fields: &[$(crate::rules::schema::Field {
                    name: crate::rules::schema::plain(stringify!($field)),
                    holds: $holds,
                    about: $means,
                    lacks: [$(Some($lacks),)? None][0],
                }),*],
            };
        )+
    };
}
pub(super) use objects;

/// The name of a field without the mark by which Rust tells it from a keyword.
const fn plain(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// The fields of a kind of object.
#[derive(Debug)]
pub struct Table {
    /// What such an object is.
    pub about: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// Declares the kinds of objects and where the fields of each are listed.
macro_rules! kinds {
    ($($module:ident { $($object:ident = $table:ident),+ $(,)? })+) => {
        /// A kind of object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Object {
            $($(#[doc = concat!("See `", stringify!($module), "::", stringify!($table), "`.")] $object,)+)+
        }

        impl Object {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$($(Self::$object,)+)+];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $($(Self::$object => stringify!($object),)+)+ }
            }

            /// Its fields.
            pub fn table(self) -> &'static Table {
                match self { $($(Self::$object => const { &$module::$table },)+)+ }
            }
        }
    };
}

kinds! {
    message {
        Message = MESSAGE, Direction = DIRECTION, Mailbox = MAILBOX, Recipients = RECIPIENTS, Subject = SUBJECT,
        Body = BODY, PlainBody = PLAIN_BODY, HtmlBody = HTML_BODY, Thread = THREAD, PreviousThread = PREVIOUS_THREAD,
        Banner = BANNER, Headers = HEADERS, Hop = HOP, HopField = HOP_FIELD, Received = RECEIVED, Clause = CLAUSE,
        AuthSummary = AUTH_SUMMARY, SpfSummary = SPF_SUMMARY, SpfDetails = SPF_DETAILS, DmarcSummary = DMARC_SUMMARY,
        DmarcDetails = DMARC_DETAILS, HopResults = HOP_RESULTS, CompositeResult = COMPOSITE_RESULT,
        Signature = SIGNATURE, Attachment = ATTACHMENT, Owner = OWNER, Triage = TRIAGE,
        TriageClassification = TRIAGE_CLASSIFICATION, TriageAgents = TRIAGE_AGENTS, TriageAgent = TRIAGE_AGENT,
        UserReports = USER_REPORTS,
    }
    shared {
        Domain = DOMAIN, Email = EMAIL, Url = URL, Rewrite = REWRITE, Ip = IP, IpTranslation = IP_TRANSLATION, Link = LINK,
        KeyValue = KEY_VALUE, Match = MATCH, Profile = PROFILE, DaysSince = DAYS_SINCE, Nodes = NODES, HtmlNode = HTML_NODE,
        File = FILE, Text = TEXT, Vip = VIP, Calendar = CALENDAR, Event = EVENT, Archive = ARCHIVE,
    }
    scan {
        Exploded = EXPLODED, Flavors = FLAVORS, Scan = SCAN, ScanOcr = SCAN_OCR, ScanStrings = SCAN_STRINGS,
        ScanUrl = SCAN_URL, ScanQr = SCAN_QR, ScanYara = SCAN_YARA, YaraMatch = YARA_MATCH, ScanExif = SCAN_EXIF,
        ScanJavascript = SCAN_JAVASCRIPT, ScanEntropy = SCAN_ENTROPY, ScanPdf = SCAN_PDF,
        ScanPdfHash = SCAN_PDF_HASH, ScanZip = SCAN_ZIP, ScanEncryptedZip = SCAN_ENCRYPTED_ZIP, ScanDocx = SCAN_DOCX,
        ScanPptx = SCAN_PPTX, ScanHash = SCAN_HASH, ScanHtml = SCAN_HTML, Script = SCRIPT, ScanXml = SCAN_XML,
        ScanVba = SCAN_VBA, ScanIcs = SCAN_ICS, IcsCalendar = ICS_CALENDAR, IcsComponent = ICS_COMPONENT,
        IcsPerson = ICS_PERSON, IcsAttachment = ICS_ATTACHMENT,
    }
    services {
        Understanding = UNDERSTANDING, Label = LABEL, Entity = ENTITY, Topics = TOPICS, Sensitive = SENSITIVE,
        SensitiveElement = SENSITIVE_ELEMENT, Logos = LOGOS, Brand = BRAND, Ocr = OCR, OcrPage = OCR_PAGE, Qr = QR,
        QrItem = QR_ITEM, Exif = EXIF, Oletools = OLETOOLS, OleIndicators = OLE_INDICATORS,
        OleIndicator = OLE_INDICATOR, OleMacros = OLE_MACROS, OleKeyword = OLE_KEYWORD,
        OleRelationship = OLE_RELATIONSHIP, MacroVerdict = MACRO_VERDICT, AttackScore = ATTACK_SCORE,
        LinkAnalysis = LINK_ANALYSIS, Credphish = CREDPHISH, PageBrand = PAGE_BRAND, Dom = DOM,
        Response = RESPONSE, Download = DOWNLOAD, Whois = WHOIS,
    }
}

impl Object {
    /// The place of a field and what is known of it.
    pub fn field(self, name: &str) -> Option<(usize, &'static Field)> {
        self.table().fields.iter().enumerate().find(|(_, field)| field.name == name)
    }

    /// Whether functions that read files take it for one.
    pub fn is_file(self) -> bool {
        matches!(self, Self::Attachment | Self::File | Self::Exploded | Self::Download) || self.is_page()
    }

    /// Whether functions that read HTML take it for a page.
    pub fn is_page(self) -> bool {
        matches!(self, Self::HtmlBody | Self::HtmlNode | Self::Dom)
    }

    /// One such object.
    pub const fn one(self) -> Type {
        Type { base: Base::Object(self), lists: 0 }
    }

    /// A list of such objects.
    pub const fn many(self) -> Type {
        Type { base: Base::Object(self), lists: 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_named_once_and_explained() {
        for object in Object::ALL {
            let fields = object.table().fields;
            assert!(!fields.is_empty() && !object.table().about.is_empty(), "{object:?}");
            for (place, field) in fields.iter().enumerate() {
                assert_eq!(object.field(field.name).map(|(found, _)| found), Some(place), "{object:?}.{}", field.name);
                assert!(!field.about.is_empty(), "{object:?}.{}", field.name);
            }
        }
    }
}
