//! DNS questions: cached, limited in number and time, and answered by a value even when DNS fails.

use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::cache::Cache;
use super::settings::{SetUpError, Settings, Upstream};

/// Longest time for which an answer is kept, so that a domain whose records were wrong recovers within the day.
const KEPT_MAX: Duration = Duration::from_secs(86_400);
/// Longest time for which the absence of a record is kept (RFC 2308 §5 recommends one to three hours).
const ABSENT_MAX: Duration = Duration::from_secs(3_600);
/// Time for which absence is kept when the zone does not say (no SOA in the answer).
const ABSENT_DEFAULT: Duration = Duration::from_secs(60);
/// Time for which a failure is kept (RFC 9520 §3.2: at least a second, at most five minutes), so that a dead name
/// server costs its time once and not with every message.
const FAILURE_KEPT: Duration = Duration::from_secs(10);
/// Longest name on the wire in presentation form (RFC 1035 §2.3.4).
const NAME_BYTES_MAX: usize = 253;
/// Longest label (RFC 1035 §2.3.4).
const LABEL_BYTES_MAX: usize = 63;

/// A kind of record that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Txt,
    A,
    Aaaa,
    Mx,
    Ptr,
}

impl Kind {
    /// How many kinds there are.
    pub(super) const COUNT: usize = 5;

    fn record_type(self) -> RecordType {
        match self {
            Self::Txt => RecordType::TXT,
            Self::A => RecordType::A,
            Self::Aaaa => RecordType::AAAA,
            Self::Mx => RecordType::MX,
            Self::Ptr => RecordType::PTR,
        }
    }
}

/// What DNS said.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// TXT records, the strings of each joined.
    Texts(Vec<Box<[u8]>>),
    /// Addresses.
    Addresses(Vec<IpAddr>),
    /// Names without trailing dot: mail exchangers by preference, or names of an address.
    Names(Vec<Box<str>>),
    /// No such record; `exists` says whether the name has others (RFC 8020).
    Nothing { exists: bool },
    /// It could not be known; why, in words for the log.
    Failed(Box<str>),
}

impl Answer {
    /// Size of the records, for the cache.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.iter().map(|text| text.len()).sum(),
            Self::Addresses(addresses) => 16 * addresses.len(),
            Self::Names(names) => names.iter().map(|name| name.len() + 16).sum(),
            Self::Nothing { .. } => 0,
            Self::Failed(why) => why.len(),
        }
    }
}

/// The DNS client with its cache, shared by all messages.
pub(super) struct Resolver {
    client: TokioResolver,
    cache: Cache,
    in_flight: Semaphore,
    question_max: Duration,
}

impl Resolver {
    /// Sets up the client; `None` when look-ups are off.
    pub(super) fn new(settings: &Settings) -> Result<Option<Self>, SetUpError> {
        let (config, mut options) = match settings.upstream()? {
            Upstream::Off => return Ok(None),
            Upstream::Server(server) => (one_server(server), ResolverOpts::default()),
            Upstream::System => read_system_conf().map_err(|error| SetUpError::System(error.to_string()))?,
        };
        let question_max = Duration::from_millis(settings.dns_query_milliseconds_max);
        // One repetition, since a datagram may be lost; half the time for each.
        options.timeout = question_max / 2;
        options.attempts = 1;
        // Names are those of the Internet: no search list, no hosts file; and our own cache keeps failures too.
        options.use_hosts_file = ResolveHosts::Never;
        options.cache_size = 0;
        let client = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(options)
            .build()
            .map_err(|error| SetUpError::Client(error.to_string()))?;
        Ok(Some(Self {
            client,
            cache: Cache::new(settings.cache_entries_max),
            in_flight: Semaphore::new(settings.dns_in_flight_max.min(Semaphore::MAX_PERMITS)),
            question_max,
        }))
    }

    /// The client itself, for the one library that insists on holding one.
    pub(super) fn client(&self) -> TokioResolver {
        self.client.clone()
    }

    /// Asks within the time left until `deadline`. A name that cannot stand in DNS has no records.
    pub(super) async fn ask(&self, kind: Kind, name: &str, deadline: Instant) -> Arc<Answer> {
        let name = name.strip_suffix('.').unwrap_or(name);
        let name = if name.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        };
        if !can_stand_in_dns(&name) {
            return Arc::new(Answer::Nothing { exists: false });
        }
        let now = Instant::now();
        if let Some(answer) = self.cache.recall(kind, &name, now) {
            return answer;
        }
        // Not kept: the message had no time left, which says nothing about the name.
        let late = || Arc::new(Answer::Failed(format!("no time was left to ask DNS for {name}").into()));
        let left = deadline.saturating_duration_since(now);
        if left.is_zero() {
            return late();
        }
        let asked = timeout(left, async {
            // The semaphore is never closed, so a permit comes or the time ends.
            let _permit = self.in_flight.acquire().await;
            self.ask_upstream(kind, &name).await
        });
        let Ok((answer, good_for)) = asked.await else { return late() };
        let answer = Arc::new(answer);
        self.cache.keep(kind, &name, Arc::clone(&answer), Instant::now() + good_for);
        answer
    }

    /// Asks the same kind for several names at once; answers in their order.
    pub(super) async fn ask_all(&self, kind: Kind, names: &[String], deadline: Instant) -> Vec<Arc<Answer>> {
        all(names.iter().map(|name| self.ask(kind, name, deadline)).collect()).await
    }

    async fn ask_upstream(&self, kind: Kind, name: &str) -> (Answer, Duration) {
        let Ok(wire) = Name::from_labels(name.split('.').map(str::as_bytes)) else {
            return (Answer::Nothing { exists: false }, ABSENT_DEFAULT);
        };
        match timeout(self.question_max, self.client.lookup(wire, kind.record_type())).await {
            Ok(Ok(lookup)) => {
                let good_for = lookup.valid_until().saturating_duration_since(Instant::now());
                (read(kind, name, &lookup), good_for.min(KEPT_MAX))
            }
            Ok(Err(error)) => read_error(kind, name, &error),
            Err(_) => {
                let why = format!("DNS gave no answer for {name} within {} ms", self.question_max.as_millis());
                (Answer::Failed(why.into()), FAILURE_KEPT)
            }
        }
    }
}

/// A client of one server, by UDP and, for long answers, TCP.
fn one_server(server: SocketAddr) -> ResolverConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = server.port();
        connection
    });
    ResolverConfig::from_parts(None, Vec::new(), vec![NameServerConfig::new(server.ip(), true, connections.into())])
}

/// Whether every label has a length that the wire can carry.
fn can_stand_in_dns(name: &str) -> bool {
    name.len() <= NAME_BYTES_MAX && name.split('.').all(|label| (1..=LABEL_BYTES_MAX).contains(&label.len()))
}

fn read(kind: Kind, name: &str, lookup: &Lookup) -> Answer {
    let code = lookup.message().metadata.response_code;
    if !matches!(code, ResponseCode::NoError | ResponseCode::NXDomain) {
        return Answer::Failed(format!("DNS answered {code} for {name}").into());
    }
    let data = lookup.answers().iter().map(|record| &record.data);
    let answer = match kind {
        Kind::Txt => Answer::Texts(
            data.filter_map(|data| if let RData::TXT(txt) = data { Some(txt.txt_data.concat().into()) } else { None })
                .collect(),
        ),
        Kind::A | Kind::Aaaa => Answer::Addresses(data.filter_map(RData::ip_addr).collect()),
        Kind::Mx => {
            let mut exchanges: Vec<_> = data
                .filter_map(
                    |data| if let RData::MX(mx) = data { Some((mx.preference, plain(&mx.exchange))) } else { None },
                )
                .collect();
            exchanges.sort_by_key(|(preference, _)| *preference);
            Answer::Names(exchanges.into_iter().map(|(_, name)| name).collect())
        }
        Kind::Ptr => Answer::Names(
            data.filter_map(|data| if let RData::PTR(ptr) = data { Some(plain(&ptr.0)) } else { None }).collect(),
        ),
    };
    let empty = match &answer {
        Answer::Texts(texts) => texts.is_empty(),
        Answer::Addresses(addresses) => addresses.is_empty(),
        Answer::Names(names) => names.is_empty(),
        Answer::Nothing { .. } | Answer::Failed(_) => false,
    };
    if empty { Answer::Nothing { exists: code == ResponseCode::NoError } } else { answer }
}

fn read_error(kind: Kind, name: &str, error: &NetError) -> (Answer, Duration) {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none))
            if matches!(none.response_code, ResponseCode::NoError | ResponseCode::NXDomain) =>
        {
            let good_for = none.negative_ttl.map_or(ABSENT_DEFAULT, |secs| Duration::from_secs(secs.into()));
            let exists = none.response_code == ResponseCode::NoError;
            (Answer::Nothing { exists }, good_for.min(ABSENT_MAX))
        }
        NetError::Timeout => (Answer::Failed(format!("DNS gave no answer for {name}").into()), FAILURE_KEPT),
        NetError::Dns(DnsError::ResponseCode(code)) => {
            (Answer::Failed(format!("DNS answered {code} for {name}").into()), FAILURE_KEPT)
        }
        other => {
            let why = format!("DNS failed for {name} ({}): {other}", kind.record_type());
            (Answer::Failed(why.into()), FAILURE_KEPT)
        }
    }
}

/// A name in lower case without the trailing dot; empty for the root, which a null MX names (RFC 7505 §3).
fn plain(name: &Name) -> Box<str> {
    let mut text = String::with_capacity(name.len());
    for label in name.iter() {
        if !text.is_empty() {
            text.push('.');
        }
        // Not the zone-file form, whose escapes a question would take for the name itself.
        text.push_str(&String::from_utf8_lossy(label));
    }
    text.make_ascii_lowercase();
    text.into()
}

/// Waits for all futures at once; results in their order.
async fn all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut waiting = false;
        for (future, slot) in running.iter_mut().zip(&mut done) {
            if slot.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(output) => *slot = Some(output),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: bool) {
        assert_eq!(can_stand_in_dns(name), expected, "{name}");
    }

    #[test]
    fn names_have_labels_of_1_to_63_bytes_and_253_in_all() {
        check("example.org", true);
        check("_spf.%weird!.example.org", true);
        check("a..b", false);
        check("", false);
        check(&"a".repeat(63), true);
        check(&"a".repeat(64), false);
        let long = ["a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(61)].join(".");
        check(&long, true);
        check(&format!("{long}d"), false);
    }

    #[tokio::test]
    async fn all_futures_are_waited_for_and_keep_their_order() {
        let futures = (0..5).map(|i| async move {
            for _ in i..5 {
                tokio::task::yield_now().await;
            }
            i
        });
        assert_eq!(all(futures.collect()).await, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_resolver_that_is_off_is_nobody() {
        let settings = Settings { resolver: "off".to_owned(), ..Settings::default() };
        assert!(Resolver::new(&settings).is_ok_and(|resolver| resolver.is_none()));
    }
}
