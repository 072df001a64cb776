//! Hostile mail that is held, looked at in a real browser: two barriers, each proved alone, and the page with both.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::browser::{Browser, canary};
use super::held::{BOTH, hold, id, store};
use super::{Console, PASSWORD, hostile, mails};
use crate::mta::until;

/// Pages of a host of the test's own, with their extra header fields.
type Pages = Arc<Mutex<HashMap<String, (String, String)>>>;

/// A host that gives these pages as they are: for what happens without a barrier, or with one alone.
fn host() -> (u16, Pages) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let pages = Pages::default();
    let shared = Arc::clone(&pages);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let pages = Arc::clone(&shared);
            // Who hangs up ends his own thread alone.
            thread::spawn(move || give(stream, &pages));
        }
    });
    (port, pages)
}

fn give(stream: TcpStream, pages: &Pages) -> Option<()> {
    let mut out = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream).lines();
    let asked = lines.next()?.ok()?;
    let path = asked.split(' ').nth(1)?.to_owned();
    let page = pages.lock().unwrap_or_else(PoisonError::into_inner).get(&path).cloned();
    let (fields, body) = page.unwrap_or_default();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n";
    write!(out, "{head}{fields}Content-Length: {}\r\n\r\n{body}", body.len()).ok()
}

/// Whether a page marked the window, as far as the page itself tells.
const MARKED: &str = "return window.harm !== undefined";

#[test]
fn hostile_mail_does_nothing_to_who_looks_at_it() {
    let Some(browser) = Browser::start() else {
        eprintln!("skipped: neither chromium nor chromedriver is installed (apt-get install chromium chromium-driver)");
        return;
    };
    let (canary, asked) = canary();
    let asked = || asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let nothing: [String; 0] = [];
    let all = mails::all(&canary);
    assert!(all.len() >= 50, "{}", all.len());
    let console = Console::start_with("", &["operator"], &[], |state| {
        let store = store(state);
        all.iter().enumerate().for_each(|(number, mail)| hold(&store, id(number), None, &BOTH, mail));
    });
    let own = format!("http://127.0.0.1:{}", console.port);
    browser.open(&format!("{own}/quarantine"));
    browser.enter(&[("#name", "operator"), ("#password", PASSWORD)], "button");
    until("the browser is signed in", || (browser.run("return location.pathname") == "/decisions").then_some(()));

    // The page with its frame: both barriers.
    let mut operator = console.person("operator");
    let mut framed = Vec::new();
    for number in 0..all.len() {
        let url = format!("{own}/quarantine/{}", id(number));
        browser.open(&url);
        let seen = browser.run(
            "return [location.href, window.harm === undefined, document.scripts.length,
                document.querySelectorAll('object, embed, img, style, base, video, a[href*=\":\"]').length,
                document.querySelectorAll('iframe:not([sandbox=\"\"])').length,
                [...document.querySelectorAll('iframe')].every(one => one.contentDocument === null),
                performance.getEntriesByType('resource').every(one => one.name.startsWith(location.origin + '/'))]",
        );
        assert_eq!(seen, json!([url, true, 0, 0, 0, true, true]), "mail {number}");
        let page = operator.get(&format!("/quarantine/{}", id(number)));
        assert_eq!((page.status, page.header("Set-Cookie").len()), (200, 0), "mail {number}");
        hostile::check_page(&format!("mail {number}"), &page.body);
        let html = operator.get(&format!("/quarantine/{}/html", id(number)));
        framed.push((html.header("Content-Security-Policy").concat(), html.body));
        browser.open(&format!("{url}/raw"));
        assert_eq!(
            browser.run("return [window.harm === undefined, document.contentType]"),
            json!([true, "text/plain"])
        );
    }
    assert_eq!(asked(), nothing, "somebody was asked for something");

    // The first barrier alone: what is written anew, without a frame and without any policy.
    let (port, pages) = host();
    let put = |path: String, fields: &str, body: &str| {
        let mut pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.insert(path, (fields.to_owned(), body.to_owned()));
    };
    for (number, (_, body)) in framed.iter().enumerate() {
        put(format!("/written/{number}"), "", body);
        browser.open(&format!("http://127.0.0.1:{port}/written/{number}"));
        assert_eq!(browser.run(MARKED), json!(false), "mail {number}: {body}");
        let acts =
            browser.run("return document.querySelectorAll('[href], [src], [style], script, iframe, form').length");
        assert_eq!(acts, json!(0), "mail {number}: {body}");
    }
    assert_eq!(asked(), nothing, "what is written anew asked somebody for something");

    // The second alone: the mail's own HTML under the policy of the frame. What may not run marks nothing.
    let policy = format!("Content-Security-Policy: {}\r\n", framed[0].0);
    let hostile_pages = mails::pages(&canary);
    for (number, page) in hostile_pages.iter().enumerate() {
        put(format!("/policed/{number}"), &policy, page);
        // A refresh is no load of the page's own: it is what the sandbox of the frame's element and the first barrier are for.
        if !page.contains("http-equiv=refresh") {
            browser.open(&format!("http://127.0.0.1:{port}/policed/{number}"));
        }
    }
    thread::sleep(Duration::from_millis(300));
    // A browser may connect to where a link leads before anybody follows it, which no policy forbids: that nothing leads
    // anywhere is for the first barrier. Asked for something is who is sent a request.
    let requests: Vec<_> = asked().into_iter().filter(|line| !line.is_empty()).collect();
    assert_eq!(requests, nothing, "the policy let somebody be asked");

    // Neither: they do harm indeed, and the canary sings.
    let mut harmed = 0;
    for (number, page) in hostile_pages.iter().enumerate().filter(|(_, page)| !page.contains("refresh")) {
        let before = asked().len();
        put(format!("/bare/{number}"), "", page);
        browser.open(&format!("http://127.0.0.1:{port}/bare/{number}"));
        let marked = browser.run(MARKED) == json!(true);
        harmed += usize::from(marked || asked().len() > before);
    }
    assert!(harmed >= 25, "only {harmed} of {} would do harm: the test would prove little", hostile_pages.len());
}
