//! The message: its sender, recipients, texts, headers and attachments.

use super::{Object, Type, objects};

objects! {
    /// The message.
    MESSAGE {
        r#type: Object::Direction.one(), "which way it goes";
        sender: Object::Mailbox.one(), "its author, from From";
        recipients: Object::Recipients.one(), "to whom it goes, by its header and envelope";
        subject: Object::Subject.one(), "its subject";
        body: Object::Body.one(), "what its reader reads";
        headers: Object::Headers.one(), "its header";
        attachments: Object::Attachment.many(), "the files that came with it, inline ones included";
        mailbox: Object::Owner.one(), "the mailbox it is delivered to";
        triage: Object::Triage.one(), "what the vendor's service made of it";
    }
    /// Which way a message goes.
    DIRECTION {
        inbound: Type::BOOLEAN, "from outside to the organisation";
        outbound: Type::BOOLEAN, "from the organisation to someone outside";
        internal: Type::BOOLEAN, "between the organisation's own, and proved";
    }
    /// A mailbox of a header field.
    MAILBOX {
        display_name: Type::TEXT, "the display name; null where there is none";
        email: Object::Email.one(), "the address";
    }
    /// To whom a message goes.
    RECIPIENTS {
        to: Object::Mailbox.many(), "the mailboxes of To";
        cc: Object::Mailbox.many(), "the mailboxes of Cc";
        bcc: Object::Mailbox.many(), "recipients of the envelope that neither To nor Cc names";
    }
    /// A subject.
    SUBJECT {
        subject: Type::TEXT, "the decoded subject";
        base: Type::TEXT, "the same without what replies, forwards and lists put before it";
        is_reply: Type::BOOLEAN, "whether it begins as that of a reply";
        is_forward: Type::BOOLEAN, "whether it begins as that of a forward";
        is_auto_reply: Type::BOOLEAN, "whether it begins as that of an automatic reply";
    }
    /// What the reader reads.
    BODY {
        plain: Object::PlainBody.one(), "the plain text";
        html: Object::HtmlBody.one(), "the HTML; null where there is none";
        current_thread: Object::Thread.one(), "the newest message of the thread that the text shows";
        previous_threads: Object::PreviousThread.many(), "the older messages that it quotes, newest first";
        links: Object::Link.many(), "all links, each once";
        ips: Object::Ip.many(), "the internet addresses that stand in the text";
    }
    /// The plain text.
    PLAIN_BODY {
        raw: Type::TEXT, "the decoded text";
    }
    /// The HTML.
    HTML_BODY {
        raw: Type::TEXT, "the decoded source";
        display_text: Type::TEXT, "the text of it that a reader sees";
        inner_text: Type::TEXT, "all of its text, hidden text included";
        links: Object::Link.many(), "the links in it";
    }
    /// The newest message of a thread.
    THREAD {
        text: Type::TEXT, "its visible text, without what it quotes";
        links: Object::Link.many(), "the links in it";
        preamble: Type::TEXT, "the lines with which it introduces what it quotes";
        banners: Object::Banner.many(), "warnings that gateways put in", "gateway banners are not told apart";
    }
    /// An older message that the text quotes.
    PREVIOUS_THREAD {
        text: Type::TEXT, "its text";
        preamble: Type::TEXT, "the lines that introduce it";
        links: Object::Link.many(), "the links in it";
        sender: Object::Mailbox.one(), "who wrote it, by the lines that introduce it";
        recipients: Object::Recipients.one(), "to whom it went, by the same";
        subject: Object::Subject.one(), "its subject, by the same";
    }
    /// A warning that a gateway put in.
    BANNER {
        text: Type::TEXT, "what it says";
    }
    /// The header.
    HEADERS {
        message_id: Type::TEXT, "the Message-ID, without angle brackets";
        in_reply_to: Type::TEXT, "the first identifier of In-Reply-To";
        references: Type::TEXT.list(), "the identifiers of References";
        reply_to: Object::Mailbox.many(), "the mailboxes of Reply-To";
        return_path: Object::Email.one(), "the reverse-path";
        mailer: Type::TEXT, "the program that wrote it, by X-Mailer or User-Agent";
        date: Type::TIMESTAMP, "when its author says it was written";
        date_original_offset: Type::TEXT, "the offset from UTC that Date names";
        domains: Object::Domain.many(), "the hosts that Received fields name, each once";
        ips: Object::Ip.many(), "the addresses that Received fields name, each once";
        hops: Object::Hop.many(), "its way, from the author's side (index 0) to ours";
        auth_summary: Object::AuthSummary.one(), "what was proved, by our own checks";
        x_originating_ip: Object::Ip.one(), "X-Originating-IP";
        x_authenticated_domain: Object::Domain.one(), "X-Authenticated-Domain";
        x_authenticated_sender: Object::Email.one(), "X-Authenticated-Sender";
        x_sender: Object::Email.one(), "X-Sender";
    }
    /// A part of the way: a Received field, and the fields that stand above it up to the next.
    HOP {
        index: Type::INTEGER, "its place, from 0 at the author's side";
        fields: Object::HopField.many(), "its header fields";
        received: Object::Received.one(), "the Received field";
        authentication_results: Object::HopResults.one(), "what the host of this hop says it checked: only a claim";
        received_spf: Object::SpfDetails.one(), "what the host of this hop says of SPF: only a claim";
        signature: Object::Signature.one(), "the first DKIM signature among its fields";
    }
    /// A header field.
    HOP_FIELD {
        name: Type::TEXT, "its name as written";
        value: Type::TEXT, "its decoded value";
    }
    /// A Received field.
    RECEIVED {
        server: Object::Clause.one(), "the host that received";
        source: Object::Clause.one(), "the host that sent";
    }
    /// A clause of a Received field.
    CLAUSE {
        raw: Type::TEXT, "the host as it is named";
    }
    /// What was proved.
    AUTH_SUMMARY {
        spf: Object::SpfSummary.one(), "SPF";
        dmarc: Object::DmarcSummary.one(), "DMARC";
    }
    /// SPF of the reverse-path.
    SPF_SUMMARY {
        pass: Type::BOOLEAN, "whether it passes; null where it was not checked or there is no record";
        error: Type::BOOLEAN, "whether the check failed for good or for now";
        details: Object::SpfDetails.one(), "more of it";
    }
    /// An SPF check.
    SPF_DETAILS {
        verdict: Type::TEXT, "its outcome in the words of RFC 8601";
        designator: Type::TEXT, "the domain that was checked";
        client_ip: Object::Ip.one(), "the address that was checked";
    }
    /// DMARC of the author's domain.
    DMARC_SUMMARY {
        pass: Type::BOOLEAN, "whether it passes; null where it was not checked or there is no record";
        details: Object::DmarcDetails.one(), "more of it";
    }
    /// A DMARC check.
    DMARC_DETAILS {
        verdict: Type::TEXT, "its outcome in the words of RFC 8601";
        policy: Type::TEXT, "what the domain's owner asks for";
        from: Object::Domain.one(), "the author's domain";
    }
    /// What a host on the way says it checked.
    HOP_RESULTS {
        spf: Type::TEXT, "the outcome of SPF";
        spf_details: Object::SpfDetails.one(), "more of it";
        dkim: Type::TEXT, "the outcome of DKIM";
        dkim_details: Object::Signature.many(), "each signature";
        dmarc: Type::TEXT, "the outcome of DMARC";
        dmarc_details: Object::DmarcDetails.one(), "more of it";
        compauth: Object::CompositeResult.one(), "Microsoft's composite";
    }
    /// Microsoft's composite of several checks.
    COMPOSITE_RESULT {
        verdict: Type::TEXT, "its outcome";
        reason: Type::TEXT, "its code";
    }
    /// A DKIM signature.
    SIGNATURE {
        domain: Type::TEXT, "the signing domain";
        selector: Type::TEXT, "the selector";
        headers: Type::TEXT, "the fields that it signs";
        verdict: Type::TEXT, "its outcome, where one is named";
    }
    /// A file that came with the message.
    ATTACHMENT {
        file_name: Type::TEXT, "its name";
        file_extension: Type::TEXT, "the last extension of its name, lower case";
        file_type: Type::TEXT, "its type by its first bytes: pdf, zip, html, unknown and so on";
        content_type: Type::TEXT, "its declared media type";
        content_id: Type::TEXT, "its Content-ID, without angle brackets";
        content_disposition: Type::TEXT, "its declared disposition; null where there is none";
        size: Type::INTEGER, "its size in bytes";
        sha256: Type::TEXT, "the SHA-256 digest of its content in hexadecimal";
        sha1: Type::TEXT, "the SHA-1 digest of its content in hexadecimal";
        md5: Type::TEXT, "the MD5 digest of its content in hexadecimal";
    }
    /// The mailbox that a message is delivered to.
    OWNER {
        email: Object::Email.one(), "its address, by the envelope";
        display_name: Type::TEXT, "its owner's name", "there is no directory of own people";
        first_name: Type::TEXT, "its owner's given name", "there is no directory of own people";
        last_name: Type::TEXT, "its owner's family name", "there is no directory of own people";
    }
    /// What the vendor's service made of a message.
    TRIAGE {
        trigger: Type::TEXT, "why it is looked at", "there is no triage service";
        classification: Object::TriageClassification.one(), "what it was taken for", "there is no triage service";
        agents: Object::TriageAgents.one(), "what automatic agents say", "there is no triage service";
        user_reports: Object::UserReports.one(), "what its readers say", "there is no triage service";
        flagged_rules: Object::KeyValue.many(), "the rules that matched", "there is no triage service";
    }
    /// What a message was taken for.
    TRIAGE_CLASSIFICATION {
        classification: Type::TEXT, "the label";
    }
    /// Automatic agents of triage.
    TRIAGE_AGENTS {
        asa: Object::TriageAgent.one(), "the analyst";
        ade: Object::TriageAgent.one(), "the detection engineer";
    }
    /// An automatic agent of triage.
    TRIAGE_AGENT {
        verdict: Type::TEXT, "what it says";
    }
    /// What readers say.
    USER_REPORTS {
        count: Type::INTEGER, "how many reported it";
    }
}
