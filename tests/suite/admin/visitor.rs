//! A browser without a screen: speaks HTTP/1.1, keeps cookies, follows nothing by itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use crate::mta::PATIENCE;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The values of a header field.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The token of the first form of a page.
    #[track_caller]
    pub fn token(&self) -> String {
        let (_, rest) = self.body.split_once("name=\"token\" value=\"").expect("a form");
        rest.split('"').next().expect("a value").to_owned()
    }
}

/// A visitor with his cookies.
#[derive(Clone, Debug)]
pub struct Visitor {
    port: u16,
    pub cookies: BTreeMap<String, String>,
    /// Sent with every request.
    pub headers: Vec<(&'static str, String)>,
}

impl Visitor {
    pub fn new(port: u16) -> Self {
        Self { port, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// Sends a header field with every request.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "", "")
    }

    /// As [`Visitor::get`]; `None` where nobody answers.
    pub fn try_get(&mut self, path: &str) -> Option<Answer> {
        TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        Some(self.get(path))
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.ask("POST", path, "application/x-www-form-urlencoded", &pairs.join("&"))
    }

    /// Loads the form and sends it.
    pub fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        let token = self.get("/sign-in").token();
        self.post("/sign-in", &[("token", &token), ("name", name), ("password", password)])
    }

    /// Asks anything.
    pub fn ask(&mut self, method: &str, path: &str, kind: &str, body: &str) -> Answer {
        let own_host = self.headers.iter().any(|(name, _)| *name == "Host");
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !own_host {
            let _ = write!(request, "Host: 127.0.0.1:{}\r\n", self.port);
        }
        for (name, value) in &self.headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let _ = write!(request, "Cookie: {}\r\n", pairs.join("; "));
        }
        if !body.is_empty() {
            let _ = write!(request, "Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len());
        }
        let answer = exchange(self.port, format!("{request}\r\n{body}").as_bytes());
        for cookie in answer.header("Set-Cookie") {
            let (pair, _) = cookie.split_once(';').expect("attributes");
            let (name, value) = pair.split_once('=').expect("a pair");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// Sends bytes and reads the answer. Its length is believed: not everybody who says that he will close does.
pub fn exchange(port: u16, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("somebody listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time");
    stream.write_all(request).expect("it is read");
    let mut lines = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        lines.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    };
    let status = line().split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let mut headers = Vec::new();
    loop {
        let field = line();
        let Some((name, value)) = field.split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut answer = Answer { status, headers, body: String::new() };
    // Nothing has no length (RFC 9110 §15.3.5).
    let length = if status == 204 { "0".to_owned() } else { answer.header("Content-Length").concat() };
    let length: u64 = length.parse().expect("a length");
    lines.take(length).read_to_string(&mut answer.body).expect("UTF-8");
    answer
}

/// A value as it stands in a form or an address.
pub fn encoded(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(byte).collect()
}
