//! What models, scanners and look-ups say.

use super::{Object, Type, objects};

objects! {
    /// What a text asks of its reader.
    UNDERSTANDING {
        intents: Object::Label.many(), "what its author wants";
        topics: Object::Label.many(), "of what it speaks";
        tags: Object::Label.many(), "what kind of document it is";
        entities: Object::Entity.many(), "what it names";
        language: Type::TEXT, "its language, by its English name";
        success: Type::BOOLEAN, "whether it could be read";
        error: Type::TEXT, "why not";
    }
    /// A label with how sure it is.
    LABEL {
        name: Type::TEXT, "the label";
        confidence: Type::TEXT, "low, medium or high";
    }
    /// Something that a text names.
    ENTITY {
        name: Type::TEXT, "what it is";
        text: Type::TEXT, "the words";
    }
    /// Of what a text speaks.
    TOPICS {
        topics: Object::Label.many(), "the topics";
        success: Type::BOOLEAN, "whether it could be read";
    }
    /// Personal and secret details in a text.
    SENSITIVE {
        elements: Object::SensitiveElement.many(), "the details";
    }
    /// A personal or secret detail.
    SENSITIVE_ELEMENT {
        r#type: Type::TEXT, "what it is";
        confidence: Type::TEXT, "low, medium or high";
        text: Type::TEXT, "the words";
    }
    /// Logos in a picture.
    LOGOS {
        brands: Object::Brand.many(), "whose logos";
    }
    /// A logo.
    BRAND {
        name: Type::TEXT, "whose";
        confidence: Type::TEXT, "low, medium or high";
    }
    /// Text read from a picture.
    OCR {
        text: Type::TEXT, "the text";
        success: Type::BOOLEAN, "whether it could be read";
        page_results: Object::OcrPage.many(), "the same by page";
    }
    /// Text read from a page.
    OCR_PAGE {
        text: Type::TEXT, "the text";
    }
    /// QR codes in a picture.
    QR {
        items: Object::QrItem.many(), "the codes";
        found: Type::BOOLEAN, "whether there are any";
    }
    /// A QR code.
    QR_ITEM {
        r#type: Type::TEXT, "what kind of thing it says";
        data: Type::TEXT, "what it says";
        url: Object::Url.one(), "the URL that it says";
    }
    /// Metadata of a file.
    EXIF {
        fields: Object::KeyValue.many(), "all of it by name";
        creator: Type::TEXT, "the program that wrote the original";
        producer: Type::TEXT, "the program that wrote the file";
        author: Type::TEXT, "the author";
        title: Type::TEXT, "the title";
        page_count: Type::INTEGER, "pages";
        image_width: Type::INTEGER, "width in pixels";
        image_height: Type::INTEGER, "height in pixels";
    }
    /// Risks of an Office document.
    OLETOOLS {
        indicators: Object::OleIndicators.one(), "what it is and holds";
        macros: Object::OleMacros.one(), "its macros";
        relationships: Object::OleRelationship.many(), "what it loads from elsewhere";
    }
    /// What an Office document is and holds.
    OLE_INDICATORS {
        encryption: Object::OleIndicator.one(), "whether it is encrypted";
        file_format: Object::OleIndicator.one(), "its format";
        vba_macros: Object::OleIndicator.one(), "whether it has VBA macros";
        xlm_macros: Object::OleIndicator.one(), "whether it has XLM macros";
        external_relationships: Object::OleIndicator.one(), "whether it loads from elsewhere";
    }
    /// One thing that an Office document may be or hold.
    OLE_INDICATOR {
        exists: Type::BOOLEAN, "whether it is so";
        value: Type::TEXT, "what exactly";
        risk: Type::TEXT, "how dangerous that is";
    }
    /// The macros of an Office document.
    OLE_MACROS {
        keywords: Object::OleKeyword.many(), "suspicious words of them";
    }
    /// A suspicious word of a macro.
    OLE_KEYWORD {
        r#type: Type::TEXT, "what it hints at";
        keyword: Type::TEXT, "the word";
    }
    /// Something that an Office document loads from elsewhere.
    OLE_RELATIONSHIP {
        name: Type::TEXT, "what it is";
        target: Type::TEXT, "from where, as written";
        target_url: Object::Url.one(), "from where";
    }
    /// A verdict on macros.
    MACRO_VERDICT {
        malicious: Type::BOOLEAN, "whether they are an attack";
        confidence: Type::TEXT, "low, medium or high";
    }
    /// A verdict on the whole message.
    ATTACK_SCORE {
        verdict: Type::TEXT, "the verdict";
        score: Type::INTEGER, "the score, from 0 to 100";
        graymail_score: Type::INTEGER, "how much it is a newsletter, from 0 to 100";
    }
    /// What stands behind a link.
    LINK_ANALYSIS {
        credphish: Object::Credphish.one(), "whether it asks for a password";
        effective_url: Object::Url.one(), "where it finally leads";
        redirect_history: Object::Url.many(), "the URLs on the way";
        final_dom: Object::Dom.one(), "the page";
        screenshot: Object::File.one(), "its picture";
        files_downloaded: Object::Download.many(), "the files it gave";
        unique_urls_accessed: Object::Url.many(), "what the page loaded";
        additional_responses: Object::Response.many(), "what came with it";
        status_code: Type::INTEGER, "the status of HTTP";
        submitted: Type::BOOLEAN, "whether it was looked at";
    }
    /// Whether a page asks for a password.
    CREDPHISH {
        disposition: Type::TEXT, "phishing, benign or unknown";
        confidence: Type::TEXT, "low, medium or high";
        brand: Object::PageBrand.one(), "whose page it looks like";
        contains_login: Type::BOOLEAN, "whether it has a login form";
        contains_captcha: Type::BOOLEAN, "whether it has a captcha";
    }
    /// Whose page one looks like.
    PAGE_BRAND {
        name: Type::TEXT, "whose";
        confidence: Type::TEXT, "low, medium or high";
    }
    /// A page.
    DOM {
        raw: Type::TEXT, "its source";
        display_text: Type::TEXT, "the text of it that a reader sees";
        inner_text: Type::TEXT, "all of its text";
        links: Object::Link.many(), "the links in it";
    }
    /// A response that came with a page.
    RESPONSE {
        url: Object::Url.one(), "from where";
        status_code: Type::INTEGER, "the status of HTTP";
        json: Type::JSON, "its content, where that is JSON";
        file: Object::Download.one(), "its content as a file";
    }
    /// A file that a page gave.
    DOWNLOAD {
        file_name: Type::TEXT, "its name";
        file_extension: Type::TEXT, "the extension of its name, lower case";
        file_type: Type::TEXT, "its type by its first bytes";
        size: Type::INTEGER, "its size in bytes";
    }
    /// Who registered a domain, and when.
    WHOIS {
        found: Type::BOOLEAN, "whether there is a record";
        days_old: Type::INTEGER, "days since it was registered";
        registrar_name: Type::TEXT, "the registrar";
        name_servers: Object::Domain.many(), "the name servers";
        registrant_company: Type::TEXT, "whose company";
        registrant_country: Type::TEXT, "which country";
        registrant_country_code: Type::TEXT, "the same in two letters";
        registrant_email: Type::TEXT, "whose address";
        administrative_email: Type::TEXT, "the administrator's address";
        technical_email: Type::TEXT, "the technician's address";
    }
}
