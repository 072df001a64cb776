//! Objects that stand in many places: domains, addresses, links, profiles, pages, files.

use super::{Object, Type, objects};

objects! {
    /// A domain name.
    DOMAIN {
        domain: Type::TEXT, "the whole host name, in A-label form";
        root_domain: Type::TEXT, "the registrable domain by the ICANN section of the Public Suffix List; null where there is none";
        sld: Type::TEXT, "the first label of the registrable domain";
        tld: Type::TEXT, "the public suffix, of one label or more";
        subdomain: Type::TEXT, "the labels before the registrable domain; null where there are none";
        valid: Type::BOOLEAN, "whether it is a host name with a known suffix";
        punycode: Type::TEXT, "the name in Unicode, where a label is an internationalised one; else null";
        error: Type::TEXT, "why it is no domain name; null where it is one";
    }
    /// A mail address.
    EMAIL {
        email: Type::TEXT, "the whole address, lower case";
        local_part: Type::TEXT, "what stands before the at sign";
        domain: Object::Domain.one(), "what stands behind it";
    }
    /// A URL, with what known rewriters put around it taken away.
    URL {
        url: Type::TEXT, "the whole URL";
        scheme: Type::TEXT, "the scheme, lower case";
        username: Type::TEXT, "the user before the host";
        password: Type::TEXT, "the password before the host";
        domain: Object::Domain.one(), "the host, where it is a name";
        ip: Object::Ip.one(), "the host, where it is an address";
        port: Type::INTEGER, "the port";
        path: Type::TEXT, "the path";
        query_params: Type::TEXT, "what stands behind the question mark, as written";
        query_params_decoded: Type::TEXT_LISTS, "the parameters behind the question mark by name, decoded";
        fragment: Type::TEXT, "what stands behind the hash";
        rewrite: Object::Rewrite.one(), "what rewriters had made of it";
    }
    /// What rewriters had made of a URL.
    REWRITE {
        encoders: Type::TEXT.list(), "the rewriters, outermost first";
        original: Type::TEXT, "the URL before anything was taken away; null where nothing was";
    }
    /// An internet address.
    IP {
        ip: Type::TEXT, "the address in its usual form";
        translation: Object::IpTranslation.one(), "how it was disguised";
    }
    /// How an address was disguised.
    IP_TRANSLATION {
        encoders: Type::TEXT.list(), "the notations found: octal, hex, decimal_integer";
        v4_to_v6: Type::BOOLEAN, "whether it was an IPv4 address written as IPv6";
    }
    /// A link.
    LINK {
        href_url: Object::Url.one(), "where it leads, rewriters taken away";
        display_text: Type::TEXT, "its label, where that is no URL; else null";
        display_url: Object::Url.one(), "its label, where that is a URL";
        mismatched: Type::BOOLEAN, "whether label and target name different registrable domains; null where the label is no URL";
        visible: Type::BOOLEAN, "whether a reader sees it";
        parser: Type::TEXT, "hyperlink for one of an HTML element, plain for one of running text";
    }
    /// A name with a value.
    KEY_VALUE {
        key: Type::TEXT, "the name";
        value: Type::TEXT, "the value";
    }
    /// What a regular expression found.
    MATCH {
        full_match: Type::TEXT, "all of it";
        groups: Type::TEXT.list(), "what each group found, in the order of their opening brackets";
        named_groups: Type::TEXTS, "what each named group found";
    }
    /// What is usual of a sender.
    PROFILE {
        prevalence: Type::TEXT, "how often he writes: new, outlier, rare, uncommon or common";
        solicited: Type::BOOLEAN, "whether one of the organisation's own ever wrote to him";
        days_known: Type::INTEGER, "days since his first message; 0 for a new one";
        any_messages_benign: Type::BOOLEAN, "whether an earlier message of his was labelled benign";
        any_false_positives: Type::BOOLEAN, "older name of any_messages_benign";
        any_messages_malicious_or_spam: Type::BOOLEAN, "whether an earlier message of his was labelled an attack";
        auth_failed: Type::BOOLEAN, "whether this message failed authentication";
        days_since: Object::DaysSince.one(), "how long ago things were";
    }
    /// How long ago things were, in days.
    DAYS_SINCE {
        first_contact: Type::INTEGER, "the first message in either direction";
        last_contact: Type::INTEGER, "the last message in either direction";
        last_inbound: Type::INTEGER, "the last message from there";
        last_outbound: Type::INTEGER, "the last message to there", "the baselines do not keep when one of our own last wrote";
    }
    /// What an XPath expression found.
    NODES {
        nodes: Object::HtmlNode.many(), "the nodes";
    }
    /// A node of a page.
    HTML_NODE {
        raw: Type::TEXT, "its source, or the value of an attribute";
        display_text: Type::TEXT, "the text of it that a reader sees";
        inner_text: Type::TEXT, "all of its text";
        links: Object::Link.many(), "the links in it";
    }
    /// A file that a function made.
    FILE {
        file_name: Type::TEXT, "its name";
        file_extension: Type::TEXT, "the extension of its name";
        file_type: Type::TEXT, "its type by its first bytes";
        size: Type::INTEGER, "its size in bytes";
    }
    /// A text that a function read.
    TEXT {
        text: Type::TEXT, "the text";
    }
    /// Someone whose name is to be protected.
    VIP {
        display_name: Type::TEXT, "the display name";
        first_name: Type::TEXT, "the given name";
        last_name: Type::TEXT, "the family name";
        email: Type::TEXT, "the address";
    }
    /// A calendar.
    CALENDAR {
        events: Object::Event.many(), "its events";
        product_id: Type::TEXT, "the program that wrote it";
        scale: Type::TEXT, "its scale";
    }
    /// An event of a calendar.
    EVENT {
        summary: Type::TEXT, "what it is called";
        description: Type::TEXT, "what it is about";
        description_html: Type::TEXT, "the same as HTML";
        location: Type::TEXT, "where it is";
        links: Object::Link.many(), "the links in it";
        raw_properties: Object::KeyValue.many(), "its properties as they stand";
    }
    /// What an archive holds.
    ARCHIVE {
        files: Object::Attachment.many(), "the files in it";
    }
}
