//! A real browser, by WebDriver: nothing of hostile mail runs, and nothing is asked of anybody else.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Child;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::visitor::{Answer, exchange};
use super::{Console, PASSWORD, hostile};
use crate::mta::{end, free_port, leashed, until};

/// A page as the browser shows it.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

impl Browser {
    /// Starts a browser; `None` where none is installed.
    pub fn start() -> Option<Self> {
        let driver =
            ["/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver"].into_iter().find(|p| Path::new(p).exists())?;
        let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].into_iter().find(|p| Path::new(p).exists())?;
        let port = free_port();
        let driver = leashed(Path::new(driver)).arg(format!("--port={port}")).spawn().expect("the driver runs");
        until("the driver listens", || TcpStream::connect(("127.0.0.1", port)).ok());
        let options = json!({
            "binary": browser,
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--window-size=1200,900"],
        });
        let asked = json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options } } });
        let mut this = Self { driver, port, session: String::new() };
        let made = this.call("POST", "/session", &asked);
        made["sessionId"].as_str().expect("a session").clone_into(&mut this.session);
        Some(this)
    }

    /// A call of the WebDriver protocol.
    #[track_caller]
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if method == "GET" { String::new() } else { body.to_string() };
        let port = self.port;
        let head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
        let length = format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        let answer: Answer = exchange(port, format!("{head}{length}{body}").as_bytes());
        let mut value: Value = serde_json::from_str(&answer.body).expect("JSON");
        assert_eq!(answer.status, 200, "{path}: {value}");
        value["value"].take()
    }

    pub fn open(&self, url: &str) {
        self.call("POST", &format!("/session/{}/url", self.session), &json!({ "url": url }));
    }

    /// Runs a script of the test's own in the page.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.call("POST", &format!("/session/{}/execute/sync", self.session), &json!({ "script": script, "args": [] }))
    }

    /// Types into a field and sends its form.
    pub fn enter(&self, fields: &[(&str, &str)], button: &str) {
        let element = |css: &str| {
            let asked = json!({ "using": "css selector", "value": css });
            let found = self.call("POST", &format!("/session/{}/element", self.session), &asked);
            found
                .as_object()
                .and_then(|object| object.values().next()?.as_str().map(str::to_owned))
                .expect("an element")
        };
        for (css, text) in fields {
            let path = format!("/session/{}/element/{}/value", self.session, element(css));
            self.call("POST", &path, &json!({ "text": text }));
        }
        self.call("POST", &format!("/session/{}/element/{}/click", self.session, element(button)), &json!({}));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() && !thread::panicking() {
            self.call("DELETE", &format!("/session/{}", self.session), &json!({}));
        }
        end(&mut self.driver);
    }
}

/// A host that nobody should ask for anything; who asked for what.
pub fn canary() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("bound").to_string();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut line = String::new();
            // Who only connects has asked, too.
            let read = stream.set_read_timeout(Some(Duration::from_millis(200)));
            let _ = read.and_then(|()| BufReader::new(&stream).read_line(&mut line));
            heard.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    });
    (address, asked)
}

/// What is wrong with a page for people who do not see it, as the browser tells its own tree.
const FAULTS: &str = "
    const faults = [];
    if (!document.documentElement.lang) faults.push('no language');
    if (document.querySelectorAll('h1').length !== 1) faults.push('not one heading');
    if (!document.querySelector('main')) faults.push('no main part');
    for (const field of document.querySelectorAll('input:not([type=hidden]), select'))
        if (!field.labels.length) faults.push('no label: ' + field.name);
    for (const one of document.querySelectorAll('button, a, th, caption'))
        if (!one.textContent.trim()) faults.push('no text: ' + one.outerHTML);
    for (const one of document.querySelectorAll('svg'))
        if (!one.getAttribute('aria-label')) faults.push('no name: svg');
    for (const table of document.querySelectorAll('table'))
        if (!table.caption && !table.closest('section[aria-labelledby]')) faults.push('no caption');
    const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
    if (new Set(ids).size !== ids.length) faults.push('an id stands twice');
    return faults;";

#[test]
fn a_real_browser_runs_nothing_of_hostile_mail() {
    let Some(browser) = Browser::start() else {
        eprintln!("skipped: neither chromium nor chromedriver is installed (apt-get install chromium chromium-driver)");
        return;
    };
    let (canary, asked) = canary();
    let entries = hostile::entries(&canary);
    let console = Console::start("", &["administrator"], &entries);
    let own = format!("http://127.0.0.1:{}", console.port);
    browser.open(&format!("{own}/decisions"));
    assert_eq!(browser.run(FAULTS), json!([]), "signing in");
    browser.enter(&[("#name", "administrator"), ("#password", PASSWORD)], "button");
    until("the browser is signed in", || (browser.run("return location.pathname") == "/decisions").then_some(()));
    let mut pages =
        vec!["/decisions".to_owned(), "/overview".to_owned(), "/settings".to_owned(), "/activity".to_owned()];
    pages.extend(["/health", "/rules", "/models"].map(str::to_owned));
    pages.extend(entries.iter().map(|entry| format!("/decisions/{}", entry.id)));
    pages.push(format!("/relations?key={}", super::visitor::encoded(hostile::PAYLOADS[0])));
    for path in pages {
        let url = format!("{own}{path}");
        browser.open(&url);
        let seen = browser.run(
            "return [location.href, window.harm === undefined, document.scripts.length,
                document.querySelectorAll('iframe, object, embed, img, style, base, video').length,
                performance.getEntriesByType('resource').every(one => one.name.startsWith(location.origin + '/'))]",
        );
        assert_eq!(seen, json!([url, true, 0, 0, true]), "{path}");
        // One page of decisions is built as the others are.
        if !path.starts_with("/decisions/") || path.ends_with(&entries[0].id.to_string()) {
            assert_eq!(browser.run(FAULTS), json!([]), "{path}");
        }
    }
    // Were something to run, this would: the page's own policy forbids it, and says so.
    browser.open(&format!("{own}/decisions"));
    let tried = browser.run(
        "const script = document.createElement('script'); script.textContent = 'window.harm = 1';
         document.body.append(script);
         const image = new Image(); image.src = 'http://CANARY/x'; document.body.append(image);
         return window.harm === undefined;"
            .replace("CANARY", &canary)
            .as_str(),
    );
    assert_eq!(tried, json!(true));
    let label = format!("{own}/decisions/{}", entries[3].id);
    browser.open(&label);
    browser.enter(&[("#note", "seen in a browser")], "button[value=safe]");
    until("the label is shown", || {
        let text = browser.run("return document.querySelector('#labels').parentElement.textContent");
        text.as_str().is_some_and(|text| text.contains("seen in a browser")).then_some(())
    });
    let asked = asked.lock().expect("whole");
    assert!(asked.is_empty(), "somebody else was asked: {asked:?}");
}
