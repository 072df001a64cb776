//! A real DNS server on loopback, UDP and TCP, whose zone is a few lines of text and which can fail on demand.
//!
//! ```text
//! example.org      TXT     "v=spf1 ip4:192.0.2.0/24 " "-all"     strings are joined; \" \\ \DDD escape
//! mail.example.org A       192.0.2.1
//! mail.example.org AAAA    2001:db8::1
//! example.org      MX      10 mail.example.org
//! 1.2.0.192.in-addr.arpa PTR mail.example.org
//! www.example.org  CNAME   mail.example.org
//! dead.example.org TIMEOUT            no answer to what is not listed for the name
//! sick.example.org SERVFAIL           the same with an error
//! slow.example.org DELAY   5000       milliseconds before any answer
//! long.example.org TRUNCATE           by UDP only the truncation bit; by TCP all
//! some.example.org EXISTS             no record, but no NXDOMAIN either
//! *                TIMEOUT            every name
//! a\032b.example   A       192.0.2.1  a name with a space
//! ```

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hickory_resolver::proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME, MX, PTR, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

/// Seconds for which answers are good.
const TTL: u32 = 300;

/// What stands at one name.
#[derive(Clone, Default)]
struct Node {
    records: Vec<RData>,
    times_out: bool,
    fails: bool,
    truncates: bool,
    delay: Duration,
}

/// A zone: nodes by lower-case name without final dot.
#[derive(Clone, Default)]
struct Zone(HashMap<String, Node>);

/// The server; it stops when dropped.
pub struct DnsServer {
    addr: SocketAddr,
    asked: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl DnsServer {
    /// Starts a server for a zone. Panics on a line that it cannot read, naming it.
    pub fn start(zone: &str) -> Self {
        let (udp, tcp) = bind();
        let addr = udp.local_addr().expect("bound");
        let zone = Arc::new(Zone::read(zone));
        let (asked, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let threads = vec![
            thread::spawn({
                let (zone, asked, stop) = (Arc::clone(&zone), Arc::clone(&asked), Arc::clone(&stop));
                move || serve_udp(udp, &zone, &asked, &stop)
            }),
            thread::spawn({
                let (zone, asked, stop) = (Arc::clone(&zone), Arc::clone(&asked), Arc::clone(&stop));
                move || serve_tcp(tcp, &zone, &asked, &stop)
            }),
        ];
        Self { addr, asked, stop, threads }
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// How many questions came so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for DnsServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // One datagram and one connection wake the threads.
        let _ = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(b"", self.addr));
        let _ = TcpStream::connect(self.addr);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// One port for both protocols; another is tried when TCP has it taken.
fn bind() -> (UdpSocket, TcpListener) {
    for _ in 0..100 {
        let udp = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().expect("bound")) {
            return (udp, tcp);
        }
    }
    panic!("no port is free for both UDP and TCP");
}

fn serve_udp(socket: UdpSocket, zone: &Zone, asked: &AtomicUsize, stop: &AtomicBool) {
    let mut buffer = [0; 4096];
    while let Ok((length, from)) = socket.recv_from(&mut buffer) {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        asked.fetch_add(1, Ordering::SeqCst);
        let Some((answer, delay)) = answer(zone, &buffer[..length], true) else {
            continue;
        };
        if delay.is_zero() {
            let _ = socket.send_to(&answer, from);
        } else {
            let socket = socket.try_clone().expect("a socket can be shared");
            thread::spawn(move || {
                thread::sleep(delay);
                let _ = socket.send_to(&answer, from);
            });
        }
    }
}

fn serve_tcp(listener: TcpListener, zone: &Arc<Zone>, asked: &Arc<AtomicUsize>, stop: &AtomicBool) {
    while let Ok((stream, _)) = listener.accept() {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let (zone, asked) = (Arc::clone(zone), Arc::clone(asked));
        thread::spawn(move || serve_stream(stream, &zone, &asked));
    }
}

fn serve_stream(mut stream: TcpStream, zone: &Zone, asked: &AtomicUsize) {
    let mut length = [0; 2];
    while stream.read_exact(&mut length).is_ok() {
        let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
        if stream.read_exact(&mut question).is_err() {
            return;
        }
        asked.fetch_add(1, Ordering::SeqCst);
        let Some((answer, delay)) = answer(zone, &question, false) else { continue };
        thread::sleep(delay);
        let length = u16::try_from(answer.len()).expect("answers are short").to_be_bytes();
        if stream.write_all(&[&length, &answer[..]].concat()).is_err() {
            return;
        }
    }
}

/// The bytes of an answer and how long to wait before sending them; `None` to stay silent.
fn answer(zone: &Zone, question: &[u8], by_udp: bool) -> Option<(Vec<u8>, Duration)> {
    let asked = Message::from_vec(question).ok()?;
    let query = asked.queries.first()?.clone();
    let name = plain(query.name());
    let mut reply = Message::new(asked.metadata.id, MessageType::Response, OpCode::Query);
    reply.metadata.recursion_desired = true;
    reply.metadata.recursion_available = true;
    reply.add_query(query.clone());
    let node = zone.node(&name);
    let wanted = zone.records(&name, query.query_type());
    if by_udp && node.truncates {
        reply.metadata.truncation = true;
    } else if !wanted.is_empty() {
        for (owner, data) in wanted {
            let owner = Name::from_labels(owner.split('.').map(str::as_bytes)).ok()?;
            reply.add_answer(Record::from_rdata(owner, TTL, data));
        }
    } else if node.times_out {
        return None;
    } else if node.fails {
        reply.metadata.response_code = ResponseCode::ServFail;
    } else if !zone.exists(&name) {
        reply.metadata.response_code = ResponseCode::NXDomain;
    }
    Some((reply.to_vec().expect("encodes"), node.delay))
}

/// A name as zone lines write it.
fn plain(name: &Name) -> String {
    let labels: Vec<_> = name.iter().map(|label| String::from_utf8_lossy(label).to_lowercase()).collect();
    labels.join(".")
}

impl Zone {
    fn read(text: &str) -> Self {
        let mut zone = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(';')) {
            let (name, rest) = line.split_once(char::is_whitespace).unwrap_or_else(|| panic!("no type: {line}"));
            let (kind, data) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
            let name = name.trim_end_matches('.').to_lowercase().replace("\\032", " ");
            // The names above it exist too, without a record (RFC 8020).
            for (dot, _) in name.match_indices('.') {
                zone.0.entry(name[dot + 1..].to_owned()).or_default();
            }
            let node = zone.0.entry(name).or_default();
            node.read(kind, data.trim()).unwrap_or_else(|| panic!("unreadable: {line}"));
        }
        zone
    }

    /// What stands at a name, with what holds for all names.
    fn node(&self, name: &str) -> Node {
        let all = self.0.get("*").cloned().unwrap_or_default();
        let own = self.0.get(name).cloned().unwrap_or_default();
        Node {
            times_out: own.times_out || all.times_out,
            fails: own.fails || all.fails,
            truncates: own.truncates || all.truncates,
            delay: own.delay.max(all.delay),
            records: own.records,
        }
    }

    /// Records of a type, along aliases, each with its owner.
    fn records(&self, name: &str, kind: RecordType) -> Vec<(String, RData)> {
        let (mut found, mut name) = (Vec::new(), name.to_owned());
        for _ in 0..8 {
            let Some(node) = self.0.get(&name) else { break };
            found.extend(node.records.iter().filter(|r| r.record_type() == kind).map(|r| (name.clone(), r.clone())));
            let Some(RData::CNAME(alias)) = node.records.iter().find(|r| r.record_type() == RecordType::CNAME) else {
                break;
            };
            found.push((name, RData::CNAME(alias.clone())));
            name = plain(&alias.0);
        }
        found
    }

    fn exists(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

impl Node {
    fn read(&mut self, kind: &str, data: &str) -> Option<()> {
        match kind.to_uppercase().as_str() {
            "TIMEOUT" => self.times_out = true,
            "SERVFAIL" => self.fails = true,
            "TRUNCATE" => self.truncates = true,
            "DELAY" => self.delay = Duration::from_millis(data.parse().ok()?),
            "EXISTS" => {}
            kind => self.records.push(Self::record(kind, data)?),
        }
        Some(())
    }

    fn record(kind: &str, data: &str) -> Option<RData> {
        let name = |text: &str| Name::from_labels(text.trim_end_matches('.').split('.').map(str::as_bytes)).ok();
        Some(match kind {
            "TXT" => {
                let strings = strings(data)?;
                RData::TXT(TXT::from_bytes(strings.iter().map(Vec::as_slice).collect()))
            }
            "A" => RData::A(A(data.parse().ok()?)),
            "AAAA" => RData::AAAA(AAAA(data.parse().ok()?)),
            "MX" => {
                let (preference, host) = data.split_once(' ').unwrap_or((data, ""));
                let host = if host.trim_matches(['.', ' ']).is_empty() { Name::root() } else { name(host.trim())? };
                RData::MX(MX::new(preference.parse().ok()?, host))
            }
            "PTR" => RData::PTR(PTR(name(data)?)),
            "CNAME" => RData::CNAME(CNAME(name(data)?)),
            _ => return None,
        })
    }
}

/// Quoted strings; a text without quotes is one. Strings longer than 255 bytes are cut into several.
fn strings(data: &str) -> Option<Vec<Vec<u8>>> {
    if !data.starts_with('"') {
        return Some(data.as_bytes().chunks(255).map(<[u8]>::to_vec).collect());
    }
    let (mut strings, mut current) = (Vec::new(), None::<Vec<u8>>);
    let mut bytes = data.bytes();
    while let Some(byte) = bytes.next() {
        match (byte, &mut current) {
            (b'"', Some(text)) => {
                strings.extend(if text.is_empty() {
                    vec![Vec::new()]
                } else {
                    text.chunks(255).map(<[u8]>::to_vec).collect()
                });
                current = None;
            }
            (b'"', None) => current = Some(Vec::new()),
            (b'\\', Some(text)) => match bytes.next()? {
                digit if digit.is_ascii_digit() => {
                    let code = [digit, bytes.next()?, bytes.next()?];
                    text.push(std::str::from_utf8(&code).ok()?.parse().ok()?);
                }
                other => text.push(other),
            },
            (byte, Some(text)) => text.push(byte),
            (b' ' | b'\t', None) => {}
            (_, None) => return None,
        }
    }
    current.is_none().then_some(strings)
}

/// Quotes bytes as one string of a zone line.
pub fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => text.push_str(&format!("\\{}", char::from(byte))),
            0x20..=0x7e => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\{byte:03}")),
        }
    }
    text + "\""
}

#[test]
fn zone_lines_are_read_and_quoted_back() {
    assert_eq!(strings(r#""a b" "\"\\\233""#), Some(vec![b"a b".to_vec(), vec![b'"', b'\\', 233]]));
    assert_eq!(strings("plain"), Some(vec![b"plain".to_vec()]));
    assert_eq!(strings(r#""open"#), None);
    assert_eq!(strings(&quoted(&[1, b'"', 200])), Some(vec![vec![1, b'"', 200]]));
    let zone = Zone::read("a.example TXT x\nwww.example CNAME a.example\n; a remark\n");
    assert_eq!(zone.records("www.example", RecordType::TXT).len(), 2);
    assert!(zone.exists("example") && !zone.exists("b.example"));
}
