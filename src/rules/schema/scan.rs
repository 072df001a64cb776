//! What is inside a file, by scanner, as `file.explode` gives it.

use super::{Object, Type, objects};

objects! {
    /// A file, or one inside it.
    EXPLODED {
        depth: Type::INTEGER, "how deep it lies; 0 for the outermost";
        file_name: Type::TEXT, "its name";
        file_extension: Type::TEXT, "the extension of its name, lower case";
        size: Type::INTEGER, "its size in bytes";
        flavors: Object::Flavors.one(), "what it is by its content";
        scan: Object::Scan.one(), "what each scanner found";
    }
    /// What a file is by its content.
    FLAVORS {
        mime: Type::TEXT, "its media type";
        yara: Type::TEXT.list(), "the kinds of file it is taken for";
    }
    /// What each scanner found; null for those that had nothing to do.
    SCAN {
        ocr: Object::ScanOcr.one(), "text read from pictures and drawn pages";
        strings: Object::ScanStrings.one(), "readable strings";
        url: Object::ScanUrl.one(), "URLs";
        qr: Object::ScanQr.one(), "a QR code";
        yara: Object::ScanYara.one(), "YARA rules that match";
        exiftool: Object::ScanExif.one(), "metadata";
        javascript: Object::ScanJavascript.one(), "JavaScript";
        entropy: Object::ScanEntropy.one(), "disorder";
        pdf: Object::ScanPdf.one(), "a PDF document";
        pdf_obj_hash: Object::ScanPdfHash.one(), "the structure of a PDF document";
        zip: Object::ScanZip.one(), "a zip archive";
        encrypted_zip: Object::ScanEncryptedZip.one(), "an encrypted zip archive";
        docx: Object::ScanDocx.one(), "a text document";
        pptx: Object::ScanPptx.one(), "a presentation";
        hash: Object::ScanHash.one(), "digests";
        html: Object::ScanHtml.one(), "a page";
        xml: Object::ScanXml.one(), "an XML document";
        vba: Object::ScanVba.one(), "macros";
        ics: Object::ScanIcs.one(), "a calendar";
    }
    /// Text read from pictures.
    SCAN_OCR {
        raw: Type::TEXT, "the text with its white space", "text in pictures is not read";
        text: Type::TEXT.list(), "its words", "text in pictures is not read";
    }
    /// Readable strings.
    SCAN_STRINGS {
        strings: Type::TEXT.list(), "the strings";
        raw: Type::TEXT, "the whole content, where it is text";
    }
    /// URLs in a file.
    SCAN_URL {
        urls: Object::Url.many(), "the URLs";
        invalid_urls: Type::TEXT.list(), "what looks like one and cannot be read";
    }
    /// A QR code.
    SCAN_QR {
        data: Type::TEXT, "what it says";
        r#type: Type::TEXT, "what kind of thing that is";
        url: Object::Url.one(), "the URL that it says";
    }
    /// YARA rules that match.
    SCAN_YARA {
        matches: Object::YaraMatch.many(), "the matches";
    }
    /// A YARA rule that matches.
    YARA_MATCH {
        name: Type::TEXT, "its name";
        tags: Type::TEXT.list(), "its tags";
    }
    /// Metadata.
    SCAN_EXIF {
        fields: Object::KeyValue.many(), "all of it by name";
        creator: Type::TEXT, "the program that wrote the original";
        producer: Type::TEXT, "the program that wrote the file";
        author: Type::TEXT, "the author";
        title: Type::TEXT, "the title";
        page_count: Type::INTEGER, "pages";
        image_width: Type::INTEGER, "width in pixels";
        image_height: Type::INTEGER, "height in pixels";
        zip_file_name: Type::TEXT, "the name of a member of an archive";
        zip_uncompressed_size: Type::INTEGER, "the size of a member of an archive";
    }
    /// JavaScript.
    SCAN_JAVASCRIPT {
        identifiers: Type::TEXT.list(), "names";
        keywords: Type::TEXT.list(), "keywords";
        strings: Type::TEXT.list(), "literal strings";
    }
    /// Disorder.
    SCAN_ENTROPY {
        entropy: Type::FLOAT, "Shannon's entropy in bits a byte";
    }
    /// A PDF document.
    SCAN_PDF {
        urls: Object::Url.many(), "the URLs in it";
    }
    /// The structure of a PDF document.
    SCAN_PDF_HASH {
        object_hash: Type::TEXT, "a digest of the kinds of its objects", "how it is computed is not published";
    }
    /// A zip archive.
    SCAN_ZIP {
        all_paths: Type::TEXT.list(), "the paths of its members";
        attempted_files: Type::TEXT.list(), "the members that were tried";
        encrypted: Type::BOOLEAN, "whether it wants a password";
    }
    /// An encrypted zip archive.
    SCAN_ENCRYPTED_ZIP {
        cracked_password: Type::TEXT, "the password, if it was guessed";
    }
    /// A text document.
    SCAN_DOCX {
        author: Type::TEXT, "its author";
        image_count: Type::INTEGER, "images";
        word_count: Type::INTEGER, "words";
    }
    /// A presentation.
    SCAN_PPTX {
        image_count: Type::INTEGER, "images";
        word_count: Type::INTEGER, "words";
    }
    /// Digests.
    SCAN_HASH {
        sha256: Type::TEXT, "SHA-256 in hexadecimal";
        sha1: Type::TEXT, "SHA-1 in hexadecimal";
        md5: Type::TEXT, "MD5 in hexadecimal";
    }
    /// A page.
    SCAN_HTML {
        title: Type::TEXT, "its title";
        scripts: Object::Script.many(), "its scripts";
    }
    /// A script of a page.
    SCRIPT {
        language: Type::TEXT, "its language";
    }
    /// An XML document.
    SCAN_XML {
        tags: Type::TEXT.list(), "the names of its elements";
    }
    /// Macros.
    SCAN_VBA {
        auto_exec: Type::TEXT.list(), "macros that run by themselves";
        hex: Type::TEXT.list(), "strings decoded from hexadecimal";
    }
    /// A calendar.
    SCAN_ICS {
        calendars: Object::IcsCalendar.many(), "the calendars";
    }
    /// One calendar.
    ICS_CALENDAR {
        components: Object::IcsComponent.many(), "its components";
    }
    /// A component of a calendar.
    ICS_COMPONENT {
        r#type: Type::TEXT, "what it is";
        summary: Type::TEXT, "what it is called";
        description: Type::TEXT, "what it is about";
        uid: Type::TEXT, "its identifier";
        organizers: Object::IcsPerson.many(), "who called it";
        attendees: Object::IcsPerson.many(), "who is to come";
        attachments: Object::IcsAttachment.many(), "what is attached";
    }
    /// Someone named in a calendar.
    ICS_PERSON {
        mailbox: Object::Mailbox.one(), "the mailbox";
    }
    /// What is attached to a component.
    ICS_ATTACHMENT {
        r#type: Type::TEXT, "what it is";
        uri: Type::TEXT, "where it is";
    }
}
