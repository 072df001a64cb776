//! Six weeks of a small organisation: what its people write, and what attackers write to them.

use std::fmt::Write as _;

use kith::mail::Moment;

/// The first day of the small organisation's mail: Monday, 5 January 2026.
pub const FIRST: i64 = 1_767_571_200;
pub const DAY: i64 = 86_400;
/// After the last of it.
pub const END: i64 = FIRST + 60 * DAY;
pub const HOUR: i64 = 3_600;

/// A message to be written.
#[derive(Clone)]
pub struct Mail {
    pub at: i64,
    from: String,
    to: Vec<String>,
    subject: String,
    text: String,
    /// Further header fields.
    fields: Vec<String>,
    /// The host it came by: its name, address, and the domain it signs for; none of own mail.
    host: Option<(&'static str, &'static str, &'static str)>,
    /// Attached files: name, type, content in base64.
    files: Vec<(&'static str, &'static str, String)>,
    id: String,
}

const PARTNER: (&str, &str, &str) = ("mx.partner.example", "198.51.100.7", "partner.example");
const SHOP: (&str, &str, &str) = ("out.shop.example", "203.0.113.20", "shop.example");
const ROGUE: (&str, &str, &str) = ("vps-198-18-7-9.cloud.example", "198.18.7.9", "");
const ROPES: (&str, &str, &str) = ("mail.ropes.example", "192.0.2.33", "ropes.example");
const DORA: &str = "Dora Rope <dora.rope@ropes.example>";
const ANNA: &str = "Anna Partner <anna@partner.example>";
const BOB: &str = "Bob Harbour <bob@harbour.example>";
const CAROL: &str = "Carol Harbour <carol@harbour.example>";
const VERA: &str = "Vera Chief <vera@harbour.example>";

fn mail(day: i64, hour: i64, from: &str, to: &[&str], subject: &str, text: &str) -> Mail {
    let at = FIRST + day * DAY + hour * HOUR;
    let domain = from.rsplit('@').next().unwrap_or_default().trim_end_matches('>');
    let id = format!("{at}.{}@{domain}", subject.len() + text.len());
    Mail {
        at,
        from: from.to_owned(),
        to: to.iter().map(|to| (*to).to_owned()).collect(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        fields: vec!["X-Mailer: Letters 3.1".to_owned()],
        host: None,
        files: Vec::new(),
        id,
    }
}

/// A moment of the first months of 2026 as a header field has it (RFC 5322).
pub fn date(at: i64) -> String {
    let date = Moment::from_secs(at).rfc3339();
    let month = ["Jan", "Feb", "Mar", "Apr"].get(date[5..7].parse().unwrap_or(1) - 1).copied().unwrap_or("Dec");
    format!("{} {month} 2026 {} +0000", &date[8..10], &date[11..19])
}

impl Mail {
    fn by(mut self, host: (&'static str, &'static str, &'static str)) -> Self {
        self.host = Some(host);
        self
    }

    fn field(mut self, field: &str) -> Self {
        self.fields.push(field.to_owned());
        self
    }

    fn file(mut self, name: &'static str, kind: &'static str, bytes: usize) -> Self {
        self.files.push((name, kind, "QUJD".repeat(bytes / 3)));
        self
    }

    fn answers(self, first: &Mail, last: &Mail) -> Self {
        let fields = format!("In-Reply-To: <{}>\nReferences: <{}> <{}>", last.id, first.id, last.id);
        self.field(&fields)
    }

    pub fn raw(&self) -> String {
        let mut raw = String::new();
        let date = date(self.at);
        // Writing to a string cannot fail.
        if let Some((name, ip, domain)) = self.host {
            let author = self.from.rsplit('@').next().unwrap_or_default().trim_end_matches('>');
            let outcome = if domain == author { "pass" } else { "fail" };
            let _ = write!(
                raw,
                "Return-Path: <bounce@{author}>\nAuthentication-Results: mx.harbour.example; spf={outcome} \
                 smtp.mailfrom=bounce@{author}; dkim={outcome} header.d={author} header.s=s1; dmarc={outcome} \
                 header.from={author}\nReceived: from {name} ({name} [{ip}])\n by mx.harbour.example; {date}\n"
            );
        }
        let _ = write!(
            raw,
            "From: {}\nTo: {}\nSubject: {}\nDate: {date}\nMessage-ID: <{}>\nMIME-Version: 1.0\n",
            self.from,
            self.to.join(", "),
            self.subject,
            self.id
        );
        self.fields.iter().for_each(|field| raw.push_str(&format!("{field}\n")));
        if self.files.is_empty() {
            let _ = write!(raw, "Content-Type: text/plain; charset=utf-8\n\n{}\n", self.text);
        } else {
            let _ = write!(
                raw,
                "Content-Type: multipart/mixed; boundary=\"=_{}\"\n\n--=_{}\nContent-Type: text/plain\n\n{}\n",
                self.at, self.at, self.text
            );
            for (name, kind, content) in &self.files {
                let _ = write!(
                    raw,
                    "--=_{}\nContent-Type: {kind}; name=\"{name}\"\nContent-Disposition: attachment; \
                     filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{content}\n",
                    self.at
                );
            }
            let _ = writeln!(raw, "--=_{}--", self.at);
        }
        raw.replace('\n', "\r\n")
    }
}

/// What people who know each other write in six weeks.
pub fn ordinary() -> Vec<Mail> {
    let mut all = Vec::new();
    for day in (0..42).filter(|day| day % 7 < 5) {
        let closing = "Kind regards\nAnna";
        let text = format!(
            "Dear Bob,\n\nplease find the plan of berth {day} below; the crane is free from nine until noon and the \
             crew is told. See https://docs.berths.example/{day} for the map.\n\n{closing}"
        );
        let first = mail(day, 8, ANNA, &[BOB], &format!("Plan of berth {day}"), &text).by(PARTNER);
        let answer = "Dear Anna,\n\nthank you, the crew will be there in time and brings the ropes.\n\nRegards\nBob";
        let answer = mail(day, 10, BOB, &[ANNA], &format!("Re: Plan of berth {day}"), answer).answers(&first, &first);
        let more = "Dear Bob,\n\nvery good. The second ship comes a day later, as we said.\n\nKind regards\nAnna";
        let more = mail(day, 12, ANNA, &[BOB], &format!("Re: Plan of berth {day}"), more).by(PARTNER);
        let more = more.answers(&first, &answer);
        all.extend([first, answer, more]);
        let words = "Dear Carol,\n\nthe list of the shifts for tomorrow is attached, please have a look at it.\n\nBob";
        let shifts = mail(day, 14, BOB, &[CAROL], "Shifts", words).file("shifts.pdf", "application/pdf", 900);
        all.push(shifts);
        let offers = format!(
            "New in our shop this week: ropes, lamps and anchors, all of them from the yards of the north and made \
             to last. Number {day}. https://shop.example/n/{day} https://track.example/{day}"
        );
        let news = mail(day, 6, "Shop <news@shop.example>", &[CAROL, VERA], "News of the shop", &offers).by(SHOP);
        all.push(
            news.field("List-Id: <news.shop.example>\nPrecedence: bulk\nList-Unsubscribe: <https://shop.example/u>"),
        );
    }
    for week in 0..6 {
        let text = "Dear Bob,\n\nattached is the invoice of the week, payment as usual to IBAN DE89 3704 0044 0532 0130 00. \
                    The statement follows.\n\nDora\nTel. +49 30 901820\n";
        let invoice = mail(week * 7, 9, DORA, &[BOB], "Invoice of the week", text).by(ROPES);
        let invoice = invoice.field("Reply-To: <office@ropes.example>");
        all.push(invoice.file("invoice.pdf", "application/pdf", 1_200));
    }
    all
}

/// What attackers write in the last days.
pub fn attacks() -> Vec<Mail> {
    let thread =
        mail(36, 8, ANNA, &[BOB], "Contract of the quay", "Dear Bob,\n\nhere is the contract.\n\nAnna").by(PARTNER);
    let second = mail(36, 12, BOB, &[ANNA, CAROL], "Re: Contract of the quay", "Dear Anna,\n\nthank you.\n\nBob");
    let second = second.answers(&thread, &thread);
    let third =
        mail(36, 14, ANNA, &[BOB, CAROL], "Re: Contract of the quay", "Dear Bob,\n\nvery good.\n\nAnna").by(PARTNER);
    let third = third.answers(&thread, &second);
    let lost = mail(36, 15, ANNA, &[BOB], "lost", "lost");
    let invoice = "Attached is the invoice. Please pay to our new bank details: the old account is closed. \
                   https://pay.rogue.example/x";
    let hijack = |hour, from: &str| {
        let mail = mail(37, hour, from, &[BOB], "Re: Contract of the quay", invoice).by(ROGUE);
        mail.answers(&thread, &second).field("Reply-To: <anna@partner-mail.example>")
    };
    let other = mail(37, 7, "Anna Partner <anna@partner.example>", &[BOB], "Gift", "Hi! Quick favour, buy a gift card")
        .by(PARTNER);
    let favour = "Are you available? I need a quick favor: purchase gift cards, keep it confidential, and text me.";
    let money = "Please make a wire transfer today, the new bank details follow; my direct deposit has changed too.";
    let scan = "Your mailbox is full: scan the QR code with your phone camera to verify your account password.";
    let call =
        "Your subscription will renew and $399.99 will be charged. To cancel, call our support on +1 202 555 0143.";
    let work = "A job offer: part-time work from home, a weekly salary of $900. Write to us on WhatsApp.";
    let vera = "Vera Chief <vera.chief.office@gmail.com>";
    let led_away =
        mail(38, 18, "D. Rope <dora.rope@ropes.example>", &[BOB], "Invoice", "Attached is the invoice, please pay.");
    let led_away = led_away.by(ROPES).field("Reply-To: <dora@ropes-office.example>");
    let moved = "Our new bank details: please pay the invoice to IBAN GB82 WEST 1234 5698 7654 32 and call us on +44 20 7946 \
                 0958 with any question.";
    let quoted = "Please see below.\n\nOn Monday, Dora wrote:\n> pay to IBAN GB82 WEST 1234 5698 7654 32\n";
    let card = "My card is 4111 1111 1111 1111, or pay the invoice to IBAN DE89 3704 0044 0532 0130 00.";
    let mut all = vec![
        led_away,
        mail(38, 19, DORA, &[BOB], "New account", moved).by(ROPES),
        mail(38, 20, DORA, &[BOB], "Below", quoted).by(ROPES),
        mail(38, 21, "Jo <jo@seile.de>", &[BOB], "Card", card).by(ROGUE),
        mail(38, 22, "Li <li@cordes.fr>", &[BOB], "Card", card).by(ROGUE),
        mail(38, 21, "Dora Rope <dora.rope@gmail.com>", &[BOB], "Card", card).by(ROGUE),
        hijack(9, ANNA),
        mail(37, 8, ANNA, &[BOB], "Re: Contract of the quay", invoice).by(PARTNER).answers(&thread, &lost),
        hijack(10, "Anna Partner <anna@partner-mail.example>"),
        hijack(11, "Mallory Crook <m@rogue.example>"),
        other.answers(&mail(1, 1, ANNA, &[BOB], "x", "x"), &thread),
        mail(38, 9, vera, &[CAROL, BOB], "Quick", favour).by(ROGUE),
        mail(38, 10, vera, &[CAROL], "Payment", money).by(ROGUE),
        mail(38, 11, "IT Desk <it@rogue.example>", &[BOB], "Mailbox", scan).by(ROGUE).file(
            "code.png",
            "image/png",
            3_000,
        ),
        mail(38, 12, "Billing <billing.team@gmail.com>", &[BOB], "Renewal", call).by(ROGUE),
        mail(38, 13, "Recruiter <hr.team@gmail.com>", &[CAROL], "Work", work).by(ROGUE),
        mail(38, 14, "x <x@rogue.example>", &[BOB], "Hi", "Hello, are you there?").by(ROGUE),
        mail(38, 15, "y <y@rogue.example>", &[BOB], "Read", "Hello")
            .by(ROGUE)
            .field("Disposition-Notification-To: <y@rogue.example>"),
        mail(38, 16, "z <z@rogue.example>", &[BOB], "File", "See https://files.rogue.example/report.zip now").by(ROGUE),
        mail(38, 17, "q <q@rogue.example>", &[BOB], "Re: Talk", "Sure.\n\nOn Monday, Vera wrote:\n> pay it")
            .by(ROGUE)
            .field("In-Reply-To: <never@rogue.example>"),
        mail(
            39,
            3,
            BOB,
            &["a@one.example", "b@two.example", CAROL],
            "Document",
            "Your mailbox is full. Log in to see the shared document: https://login.rogue.example/ Invoice, please pay.",
        ),
    ];
    let bomb = "Thanks for signing up! Please confirm your subscription to our letter of the week by the link below, \
                and enjoy what we write about gardens, boats and the sea: https://list.example/c";
    for n in 0..40 {
        let from = format!("List {n} <news@list{n}.example>");
        all.push(mail(39, 4, &from, &[CAROL], "Welcome", bomb).by(ROGUE).field("Precedence: bulk"));
    }
    let fourth = mail(36, 16, ANNA, &[BOB, CAROL], "Re: Contract of the quay", "Dear Bob,\n\nuntil then.\n\nAnna");
    let fourth = fourth.by(PARTNER).answers(&thread, &third);
    let borrowed = mail(36, 17, ANNA, &[BOB], "Another matter", "Dear Bob,\n\nby the way.\n\nAnna").by(PARTNER);
    let borrowed = borrowed.answers(&thread, &third);
    all.extend([thread, second, third, fourth, borrowed]);
    all
}

/// Whom our own people respect, and what is done in the name of a supplier.
pub fn of_regard_and_trade() -> Vec<Mail> {
    let respectful = "Dear Ms Chief,\n\nthe figures of the week are below.\n\nRegards";
    let to_vera = |day, from: &str| mail(day, 15, from, &[VERA], "Figures", respectful);
    let statement = "Dear Bob,\n\nattached is the statement of payment for the invoice of the week.\n\nDora\n";
    let by_dora = |day| {
        mail(day, 9, DORA, &[BOB], "Statement", statement).by(ROPES).file("invoice.pdf", "application/pdf", 1_200)
    };
    let invoice = "Attached is the invoice, please pay.";
    let mut all: Vec<Mail> = (0..5).map(|week| by_dora(week * 7 + 3)).collect();
    all.extend([
        to_vera(2, BOB),
        to_vera(3, CAROL),
        to_vera(4, "Finn Harbour <finn@harbour.example>"),
        mail(5, 15, VERA, &[BOB], "Re: Figures", "Dear Bob,\n\nthank you.\n\nVera"),
        mail(39, 9, DORA, &[CAROL], "Invoice", invoice).by(ROPES),
        mail(39, 10, "Max Rope <max@ropes.example>", &[BOB], "Invoice", invoice).by(ROPES),
        mail(39, 11, DORA, &[BOB], "Invoice", invoice).by(ROGUE),
        mail(39, 12, "Dora Rope <dora.rope@r0pes.example>", &[BOB], "Invoice", invoice).by(ROGUE),
    ]);
    all
}
