//! Single messages of the last days, each odd in a few ways that ordinary mail is not.

use super::Stored;
use super::letters::{DAY, FIRST, HOUR, date};

/// When a person labels what one author wrote as attacks.
pub const LABELLED: i64 = FIRST + 42 * DAY;

/// A message of the last days, with what stands above its body; dated where the fields do not say when.
fn odd(hour: i64, fields: &str, body: &str) -> Stored {
    let at = FIRST + 41 * DAY + hour * HOUR;
    let dated = if fields.contains("Date:") { String::new() } else { format!("Date: {}\n", date(at)) };
    let raw = format!("{fields}\n{dated}\n{body}\n").replace('\n', "\r\n");
    Stored { at, raw, recipients: Vec::new(), helo: None, refused: false }
}

/// What the organisation's host notes of a message that came from outside.
fn came(hour: i64, from: &str, ip: &str, results: &str) -> String {
    let at = date(FIRST + 41 * DAY + hour * HOUR);
    format!(
        "Authentication-Results: mx.harbour.example; {results}\nReceived: from {from} ({from} [{ip}])\n by \
         mx.harbour.example; {at}"
    )
}

const TO_BOB: &str = "To: bob@harbour.example\nMIME-Version: 1.0";
const HTML: &str = "Content-Type: text/html; charset=utf-8";

/// All of them.
pub fn oddities() -> Vec<Stored> {
    let mut all = of_wording();
    all.extend(of_pages());
    all.extend(of_files());
    all.extend(of_authors());
    all.extend(of_hosts());
    all.extend(of_habits());
    all.extend(of_refusals());
    all.extend(of_labels());
    all
}

fn of_wording() -> Vec<Stored> {
    let from = format!("From: A <a@odd1.example>\n{TO_BOB}");
    vec![
        odd(
            1,
            &format!("{from}\nSubject: \u{1f381} A gift \u{1f381}\nContent-Type: text/plain; charset=utf-8"),
            "get v-i-a-g-r-a, or your p\u{430}ssword and pass\u{200b}word, or \u{1d429}\u{1d41a}\u{1d432} me; erotic pictures of hot girls, sex",
        ),
        odd(
            1,
            &format!("{from}\nSubject: Lower your rate     xk3920a"),
            "A mortgage loan at a low rate, refinance your home; a loan offer for you. I am dying of cancer in hospital, \
             a widow. Your tax refund is ready: the tax authority. send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa now",
        ),
        odd(
            1,
            &format!("{from}\nSubject: RE: your V1agra 83kdf92"),
            "Set up two-factor authentication in the authenticator app: your authentication expires.",
        ),
        odd(
            1,
            &format!("{from}\nSubject: bob@harbour.example: mailbox full\nMessage-ID: <1@localhost>"),
            "See harbour.example.",
        ),
        odd(
            1,
            &format!(
                "{from}\nSubject: \u{421}heap v\u{456}agra\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64"
            ),
            "cGxhaW4gQVNDSUkgdGV4dCB0aGF0IG5lZWRzIG5vIGNvZGluZw==",
        ),
        odd(
            1,
            &format!(
                "{from}\nSubject: broken\nSubject: twice\nContent-Type: text/plain; charset=no-such\nContent-Transfer-Encoding: base64"
            ),
            "!!!not*base64???",
        ),
        odd(
            1,
            &format!(
                "{from}\nSubject: Your Netflix account\nDate: Wed, 18 Feb 2026 10:00:00 +0000\n{}",
                came(1, "a.example", "198.18.9.1", "spf=none")
            ),
            "ahead",
        ),
        odd(
            1,
            &format!(
                "{from}\nSubject: behind\nDate: Wed, 10 Dec 2025 10:00:00 +0000\n{}",
                came(1, "a.example", "198.18.9.1", "spf=none")
            ),
            "behind",
        ),
    ]
}

fn of_pages() -> Vec<Stored> {
    let from = format!("From: B <b@odd2.example>\n{TO_BOB}\n{HTML}\nSubject: page");
    let page = |body: &str| odd(2, &from, &format!("<html><body>{body}</body></html>"));
    vec![
        page("<form action=\"https://x.example/\"><input type=\"password\" name=\"p\"></form><script>x()</script>"),
        page("hello <img src=\"https://pixel.example/a.png\"> and <img src=\"https://pixel.example/b.png\">"),
        page(
            "<a href=\"https://evil.example/\">www.bank.example</a> <a href=\"https://a.example/\">Log in to PayPal</a> \
              <a href=\"https://paypal.secure.example/\">go</a> <a href=\"https://p\u{430}ypal.example/\">go</a>",
        ),
        page(
            "<a href=\"https://bank-login.pages.dev/\">x</a> <a href=\"http://a.example:8081/\">x</a> \
              <a href=\"https://a.example/?u=https%3A%2F%2Fb.example\">x</a> <a href=\"https://bit.ly/3x\">x</a>",
        ),
        page(
            "<a href=\"https://a.example/%6c%6f\">x</a> <a href=\"https://bank.example@evil.example/\">x</a> \
              <a href=\"data:text/html,hi\">x</a> <a href=\"mailto:remove@other.example?subject=x\">x</a>",
        ),
        page("<a href=\"https://a.top/\">www.bank.com</a> <a href=\"https://www.harbour.example/\">ours</a>"),
        page(
            "<a href=\"https://harb0ur.example/\">x</a> <a href=\"mailto:b@odd2.example\">x</a> <a href=\"https://192.0.2.1/\">x</a>",
        ),
    ]
}

fn of_files() -> Vec<Stored> {
    let file = |name: &str, content: &str, text: &str| {
        let fields =
            format!("From: C <c@odd3.example>\n{TO_BOB}\nSubject: file\nContent-Type: multipart/mixed; boundary=\"b\"");
        let body = format!(
            "--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: application/octet-stream; name=\"{name}\"\n\
             Content-Disposition: attachment; filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{content}\n--b--"
        );
        odd(3, &fields, &body)
    };
    let message = "--b\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\nFrom: x@x.example\nSubject: y\n\nz\n--b--";
    vec![
        file("a.zip", "UEsDBAoAAAAAAA==", "Archive password: 1234"),
        file("disk.iso", "QUJD", "see"),
        file("note.one", "QUJD", "see"),
        file("page.html", "PGh0bWw+PC9odG1sPg==", "see"),
        file("run.js", "QUJD", "see"),
        file("bill.xlsm", "QUJD", "see"),
        file("invoice.pdf          .exe", "QUJD", "see"),
        file("Harbour_Payroll.pdf", "PGh0bWw+PGJvZHk+aGVsbG88L2JvZHk+PC9odG1sPg==", "see"),
        odd(
            3,
            &format!(
                "From: C <c@odd3.example>\n{TO_BOB}\nSubject: whole\nContent-Type: multipart/mixed; boundary=\"b\""
            ),
            message,
        ),
    ]
}

fn of_authors() -> Vec<Stored> {
    let by = |from: &str, more: &str| odd(4, &format!("From: {from}\n{TO_BOB}\nSubject: author{more}"), "Who am I?");
    vec![
        by("Bob <bob@other.example>", ""),
        by("A <a@x.example>, B <b@x.example>", "\nSender: office <o@bulk.example>"),
        by("=?utf-8?q?=5FFree_=231_=E2=9E=B2_?= <a@other.example>", ""),
        by("\"Chief (bob@harbour.example)\" <x@other.example>", ""),
        by("MRS ANNA PARTNER <a@other.example>", ""),
        by("PayPal Service <x@other.example>", ""),
        by("=?utf-8?q?=D0=90nna_Partner?= <a@other.example>", ""),
        by("Anna Partner <anna@partner.example>", "\nReply-To: <anna@partmer.example>"),
        by("Anna Partner <anna@partner.example>", "\nReply-To: <anna.partner@gmail.com>"),
        by("Anna <anna@yahoo.com>", "\nReply-To: <anna2@yahoo.com>"),
        by("X <x@a.b.c.other.example>", ""),
        by("X <x@paypa1.example>", ""),
        by("X <x@xn--prtner-5xe.example>", ""),
        by("X <x@partner.xyz>", ""),
        by("Harbour Support <x@other.example>", ""),
        odd(
            4,
            "From: Bob Harbour <bob.harbour@gmail.com>\nTo: carol@harbour.example\nSubject: harbour.example\nReceived: from x.example (x.example [198.18.9.4])\n by mx.harbour.example; Sun, 15 Feb 2026 04:00:00 +0000",
            "Are you available? Please buy a gift card, make a wire transfer, and change my direct deposit.",
        ),
        odd(
            4,
            "From: Bob Harbour <bob@harbour.example>\nTo: carol@harbour.example\nSubject: own\nReceived: from x.example (x.example [198.18.9.4])\n by mx.harbour.example; Sun, 15 Feb 2026 04:00:00 +0000",
            "It is me.",
        ),
        odd(
            4,
            "From: X <x@other.example>\nTo: ada@harbour.example, bea@harbour.example, bob@harbour.example, cid@harbour.example, dan@harbour.example, eva@harbour.example\nSubject: sorted",
            "All of you.",
        ),
        Stored {
            recipients: vec!["bob@harbour.example"],
            ..odd(4, "From: Anna Partner <anna@partner.example>\nSubject: hidden", "To nobody.")
        },
    ]
}

fn of_hosts() -> Vec<Stored> {
    let from = format!("From: Anna Partner <anna@partner.example>\n{TO_BOB}\nSubject: host");
    let by = |host: &str, ip: &str, results: &str| {
        odd(5, &format!("{}\n{from}", came(5, host, ip, results)), "By which host?")
    };
    let helo = |helo| Stored {
        helo: Some(helo),
        ..by("mail.other.example", "198.18.9.5", "spf=pass smtp.mailfrom=a@partner.example")
    };
    let elsewhere = "spf=pass smtp.mailfrom=bounce@esp.example; dkim=pass header.d=esp.example header.s=k9; dkim=pass \
                     header.d=partner.example header.s=k7; dmarc=pass header.from=partner.example";
    let returned = odd(
        5,
        &format!("Return-Path: <b@esp.example>\n{}\n{from}", came(5, "out.esp.example", "45.90.1.2", elsewhere)),
        "Elsewhere.",
    );
    vec![
        returned,
        by("mail.other.example", "45.91.1.2", "spf=none; dmarc=fail (p=REJECT) header.from=partner.example; arc=fail"),
        by("mail.other.example", "45.92.1.2", "spf=softfail smtp.mailfrom=a@partner.example; dkim=none; dmarc=none"),
        by("mail.other.example", "45.92.1.3", "arc=pass; dkim=pass header.d=esp.example header.s=x; dmarc=pass"),
        helo("DESKTOP-7"),
        helo("mx.harbour.example"),
        helo("[198.18.9.5]"),
        helo("mail.somewhere.example"),
    ]
}

fn of_habits() -> Vec<Stored> {
    let german = "Hallo Bob,\n\nich schicke dir heute die neuen Unterlagen für den Hafen, bitte sieh sie dir noch vor dem \
                  Abend an und gib mir Bescheid, ob alles stimmt.\n\nViele Grüße\nAnna";
    let results = "spf=pass smtp.mailfrom=bounce@partner.example; dkim=pass header.d=partner.example header.s=s1; dmarc=pass \
                   header.from=partner.example";
    let came = came(6, "mx.partner.example", "198.51.100.7", results);
    let changed = format!(
        "{came}\nFrom: A. Partner <anna@partner.example>\nReply-To: <office@partner.example>\n{TO_BOB}\nSubject: 4711\nDate: Sun, \
         15 Feb 2026 15:00:00 +0900\nX-Mailer: Other 1.0\nMessage-ID: <ABCDEF-0123@PC>\nX-Priority: 1\nOrganization: none\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable"
    );
    let own = "From: Bob Harbour <bob@harbour.example>\nTo: carol@harbour.example\nSubject: Neues\nMessage-ID: \
               <0A1B2C@laptop.local>\nX-Mailer: Other 1.0\nMIME-Version: 1.0\nContent-Type: multipart/mixed; \
               boundary=\"----=_NextPart_000_0001_01DA\"";
    let body = format!(
        "------=_NextPart_000_0001_01DA\nContent-Type: text/plain; charset=utf-8\n\n{german} https://brandnew.example/x\n\
         ------=_NextPart_000_0001_01DA\nContent-Type: application/zip; name=\"a.zip\"\nContent-Disposition: attachment; \
         filename=\"a.zip\"\nContent-Transfer-Encoding: base64\n\nUEsDBA==\n------=_NextPart_000_0001_01DA--"
    );
    vec![odd(6, &changed, german), odd(6, own, &body)]
}

fn of_refusals() -> Vec<Stored> {
    let text = "Dear friend, your parcel could not be brought to your door since the fee was not paid, so please pay the \
                small fee today to IBAN FR14 2004 1010 0505 0001 3M02 606 or by the link and choose another day: https://parcel-pay.example/pay";
    let one = |hour: i64, refused| {
        let came = came(hour, "out.refused.example", "45.93.1.2", "spf=pass smtp.mailfrom=a@refused.example");
        let fields = format!(
            "{came}\nFrom: Post <post@refused.example>\n{TO_BOB}\nSubject: Parcel\nMessage-ID: <{hour}@refused.example>"
        );
        Stored { refused, ..odd(hour, &fields, text) }
    };
    vec![one(7, true), one(8, true), one(9, false)]
}

fn of_labels() -> Vec<Stored> {
    let text = "Dear colleague, the new plan of the quay for the spring is in the paper beside this letter, and all who \
                work there are to read it and sign on the page of the port today: https://sign-here.example/plan";
    let one = |hour: i64| {
        let results = "spf=pass smtp.mailfrom=a@labelled.example; dmarc=pass header.from=labelled.example";
        let came = came(hour, "out.labelled.example", "45.94.1.2", results);
        let fields = format!(
            "{came}\nFrom: Port <post@labelled.example>\n{TO_BOB}\nSubject: Plan\nMessage-ID: <{hour}@labelled.example>\n\
             Content-Type: multipart/mixed; boundary=\"b\""
        );
        let body = format!(
            "--b\nContent-Type: text/plain\n\n{text}\n--b\nContent-Type: application/pdf; name=\"plan.pdf\"\n\
             Content-Disposition: attachment; filename=\"plan.pdf\"\nContent-Transfer-Encoding: base64\n\nSkxN\n--b--"
        );
        odd(hour, &fields, &body)
    };
    // The third comes after the label.
    vec![one(22), one(23), one(25)]
}
