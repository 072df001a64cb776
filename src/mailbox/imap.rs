//! A mailbox on an IMAP server over TLS, read and never changed (RFC 9051: EXAMINE, and bodies fetched by PEEK).

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_imap::Session;
use futures_util::TryStreamExt;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};
use tokio_rustls::{TlsConnector, rustls};

use super::{MESSAGE_BYTES_MAX, with_crlf};
use crate::mail::Moment;

/// The port of IMAP over TLS (RFC 8314 §3.2).
const PORT: u16 = 993;
/// How long one command may take; the largest batch at a slow line's 200 kB/s takes 80 s.
const PATIENCE: Duration = Duration::from_secs(180);
/// Messages whose sizes and dates are asked for at once.
const LISTED_MAX: usize = 1_000;
/// Messages, and bytes of them together, that are fetched by one command: a round trip is dear, and memory is, too.
const BATCH_MAX: usize = 32;
const BATCH_BYTES_MAX: usize = 16 << 20;

/// Where a mailbox lies: `imaps://USER@HOST[:PORT]/MAILBOX`, with `%40` and the like for what would be misread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImapUrl {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Login name.
    pub user: String,
    /// The mailbox as the server names it: INBOX where none is given.
    pub mailbox: String,
}

/// An open mailbox.
pub struct Imap {
    session: Session<TlsStream<TcpStream>>,
    url: ImapUrl,
    uid_validity: u32,
    /// The messages that are still to be read, in their order.
    listed: VecDeque<Listed>,
}

/// A message of which size and date are known: 24 bytes, so that those of any mailbox are held at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Listed {
    at: Moment,
    uid: u32,
    bytes: u32,
}

/// A message of the mailbox.
#[derive(Debug)]
pub struct Letter {
    /// Its number, which grows with each that is put into the mailbox.
    pub uid: u32,
    /// When the server received it (INTERNALDATE), in whole seconds; what was copied here keeps it.
    pub at: Moment,
    /// The message with CRLF line ends; `None` for one that is longer than [`MESSAGE_BYTES_MAX`].
    pub raw: Option<Vec<u8>>,
}

impl ImapUrl {
    /// Reads a URL; `None` for one that is none of this kind.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("imaps://")?;
        let (place, mailbox) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, place) = place.rsplit_once('@')?;
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port.parse().ok()?),
            _ => (place, PORT),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let (user, mailbox) = (unescaped(user)?, unescaped(mailbox.trim_end_matches('/'))?);
        let mailbox = if mailbox.is_empty() { "INBOX".to_owned() } else { mailbox };
        // A colon would be a password, which does not belong where every user of the host can read it.
        let sound = !host.is_empty() && !user.is_empty() && !user.contains(':');
        let is_plain = |text: &str| !text.chars().any(char::is_control);
        (sound && is_plain(&user) && is_plain(&mailbox)).then_some(Self { host, port, user, mailbox })
    }
}

/// The text with `%XX` read (RFC 3986 §2.1).
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next()?.as_bytes());
    for part in parts {
        let (hex, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(hex, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

impl Imap {
    /// Opens a mailbox for reading. The server must prove its name by a certificate that the system trusts, or, where
    /// `ca` names a file, one signed by an authority in it (PEM).
    ///
    /// # Errors
    /// What failed, and what can be done.
    pub async fn open(url: &ImapUrl, password: &str, ca: Option<&Path>) -> Result<Self, String> {
        let at = format!("{}:{}", url.host, url.port);
        let config = trusting(ca)?;
        let name = ServerName::try_from(url.host.clone()).map_err(|error| format!("{}: {error}", url.host))?;
        let tcp = within(TcpStream::connect((url.host.as_str(), url.port))).await;
        let tcp = tcp.map_err(|why| format!("{at} cannot be reached: {why}"))?;
        let connector = TlsConnector::from(Arc::new(config));
        let tls = within(connector.connect(name, tcp)).await.map_err(|why| {
            format!("{at} proves no name that is trusted: {why}; an authority of your own is named by --ca")
        })?;
        let mut client = async_imap::Client::new(tls);
        let greeting = within(client.read_response()).await.map_err(|why| format!("{at} does not greet: {why}"))?;
        greeting.ok_or_else(|| format!("{at} closed the connection"))?;
        let login = async { client.login(&url.user, password).await.map_err(|(error, _)| error) };
        let login = within(login).await;
        let mut session = login.map_err(|why| format!("{at} does not let {} in: {why}", url.user))?;
        let opened = within(session.examine(&url.mailbox)).await;
        let opened = opened.map_err(|why| format!("{at} does not open {:?}: {why}", url.mailbox))?;
        let uid_validity = opened.uid_validity.ok_or_else(|| format!("{at} numbers no messages (UIDVALIDITY)"))?;
        Ok(Self { session, url: url.clone(), uid_validity, listed: VecDeque::new() })
    }

    /// A name of the mailbox that stays the same as long as the numbers in it do.
    pub fn source(&self) -> String {
        let ImapUrl { host, port, user, mailbox } = &self.url;
        format!("imaps://{user}@{host}:{port}/{mailbox};uidvalidity={}", self.uid_validity)
    }

    /// The numbers of all messages, in ascending order.
    ///
    /// # Errors
    /// Why the server did not say.
    pub async fn uids(&mut self) -> Result<Vec<u32>, String> {
        let found = within(self.session.uid_search("ALL")).await.map_err(|why| self.lost(&why))?;
        let mut uids: Vec<u32> = found.into_iter().collect();
        uids.sort_unstable();
        Ok(uids)
    }

    /// Begins with the first of these messages in the order of time, at this moment at the earliest; says how many there
    /// are.
    ///
    /// # Errors
    /// Why the server did not say. The connection is lost then.
    pub async fn begin(&mut self, uids: &[u32], from: Moment) -> Result<usize, String> {
        let mut listed = Vec::with_capacity(uids.len());
        for some in uids.chunks(LISTED_MAX) {
            let listing = async {
                let fetched = self.session.uid_fetch(set(some), "(UID INTERNALDATE RFC822.SIZE)").await?;
                let known = fetched.map_ok(|fetch| {
                    let at = fetch.internal_date().map_or(Moment(0), |date| Moment::from_secs(date.timestamp()));
                    fetch.uid.zip(fetch.size).map(|(uid, bytes)| Listed { at, uid, bytes })
                });
                known.try_collect::<Vec<_>>().await
            };
            let known = within(listing).await.map_err(|why| self.lost(&why))?;
            let asked = |one: &Listed| some.binary_search(&one.uid).is_ok() && one.at >= from;
            listed.extend(known.into_iter().flatten().filter(asked));
        }
        listed.sort_unstable();
        self.listed = listed.into();
        Ok(self.listed.len())
    }

    /// The next messages in the order of time; none at the end.
    ///
    /// # Errors
    /// Why they could not be read. The connection is lost then.
    pub async fn next_letters(&mut self) -> Result<Vec<Letter>, String> {
        while !self.listed.is_empty() {
            let letters = self.fetch().await?;
            // All of a batch may have been removed meanwhile.
            if !letters.is_empty() {
                return Ok(letters);
            }
        }
        Ok(Vec::new())
    }

    async fn fetch(&mut self) -> Result<Vec<Letter>, String> {
        let (mut batch, mut uids, mut bytes) = (Vec::new(), Vec::new(), 0);
        while let Some(next) = self.listed.front().copied().filter(|_| batch.len() < BATCH_MAX) {
            let size = next.bytes as usize;
            if size <= MESSAGE_BYTES_MAX {
                if !uids.is_empty() && bytes + size > BATCH_BYTES_MAX {
                    break;
                }
                uids.push(next.uid);
                bytes += size;
            }
            batch.push(next);
            self.listed.pop_front();
        }
        let mut fetched: HashMap<u32, Vec<u8>> = HashMap::new();
        if !uids.is_empty() {
            let fetching = async {
                let fetched = self.session.uid_fetch(set(&uids), "(UID BODY.PEEK[])").await?;
                let body = fetched.map_ok(|fetch| fetch.uid.zip(fetch.body().map(|raw| with_crlf(raw.to_vec()))));
                body.try_collect::<Vec<_>>().await
            };
            fetched.extend(within(fetching).await.map_err(|why| self.lost(&why))?.into_iter().flatten());
        }
        let letter = |one: Listed| {
            let raw = fetched.remove(&one.uid);
            let is_there = raw.is_some() || !uids.contains(&one.uid);
            is_there.then_some(Letter { uid: one.uid, at: one.at, raw })
        };
        Ok(batch.into_iter().filter_map(letter).collect())
    }

    /// Says good-bye. A server that does not answer any more is left.
    pub async fn close(mut self) {
        if let Err(why) = within(self.session.logout()).await {
            log::debug!("{}: {why}", self.url.host);
        }
    }

    fn lost(&self, why: &str) -> String {
        format!("{}:{} broke off: {why}; run this again, and it goes on there", self.url.host, self.url.port)
    }
}

/// Numbers as a set of a command (RFC 9051 §9, sequence-set).
fn set(uids: &[u32]) -> String {
    uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// What comes in time, or why it does not.
async fn within<T, E: ToString>(work: impl Future<Output = Result<T, E>>) -> Result<T, String> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}

/// TLS that trusts the system's authorities, or those in a file.
fn trusting(ca: Option<&Path>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    let certificates: Vec<CertificateDer<'static>> = match ca {
        Some(path) => CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect)
            .map_err(|error| format!("{} holds no certificates that can be read: {error}", path.display()))?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    roots.add_parsable_certificates(certificates);
    if roots.is_empty() {
        let whose = ca.map_or_else(|| "the system".to_owned(), |path| path.display().to_string());
        return Err(format!("{whose} names no authority to trust; name a file of PEM certificates by --ca"));
    }
    let provider = Arc::new(crypto::ring::default_provider());
    let versions: Result<_, rustls::Error> =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let versions = versions.map_err(|error| error.to_string())?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, &str, u16, &str)>) {
        let url = ImapUrl::parse(text);
        let found = url.as_ref().map(|url| (url.user.as_str(), url.host.as_str(), url.port, url.mailbox.as_str()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_url_names_a_mailbox() {
        check("imaps://anna@mx.example", Some(("anna", "mx.example", 993, "INBOX")));
        check("imaps://anna@mx.example:10993/Archive/2025/", Some(("anna", "mx.example", 10993, "Archive/2025")));
        check(
            "imaps://anna%40own.example@mx.example/Sent%20Mail",
            Some(("anna@own.example", "mx.example", 993, "Sent Mail")),
        );
        check("imaps://anna@own.example@mx.example/", Some(("anna@own.example", "mx.example", 993, "INBOX")));
        check("imaps://anna@[::1]:993/INBOX", Some(("anna", "::1", 993, "INBOX")));
        check("imaps://anna@[::1]/INBOX", Some(("anna", "::1", 993, "INBOX")));
    }

    #[test]
    fn what_is_no_such_url_is_refused() {
        for text in [
            "imap://anna@mx.example",
            "imaps://mx.example",
            "imaps://@mx.example",
            "imaps://anna:secret@mx.example",
            "imaps://anna@mx.example:x/INBOX",
            "imaps://anna@mx.example/%0d%0aA1",
            "imaps://anna@mx.example/%4",
            "imaps://anna@/INBOX",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn an_authority_must_be_named() {
        let folder = tempfile::tempdir().expect("writable");
        let path = folder.path().join("ca.pem");
        assert!(trusting(Some(&path)).is_err_and(|why| why.contains("ca.pem")));
        std::fs::write(&path, "no certificate").expect("writable");
        assert!(trusting(Some(&path)).is_err_and(|why| why.contains("names no authority")));
    }
}
