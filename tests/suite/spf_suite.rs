//! The openspf suite of RFC 7208, case by case through our own room, over real DNS questions to loopback.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::Path;

use kith::auth::{Outcome, Settings, Verifier};
use serde::Deserialize;
use serde_norway::Value;

use crate::dns::{DnsServer, quoted};
use crate::known_failures::Verdicts;

const SUITE: &str = "../shared/conformance/spf/rfc7208-tests.yml";

#[derive(Deserialize)]
struct Scenario {
    tests: BTreeMap<String, Case>,
    zonedata: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Case {
    helo: String,
    host: IpAddr,
    mailfrom: String,
    result: Value,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rfc_7208_suite() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SUITE);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    let mut verdicts = Verdicts::read("spf.txt");
    for document in serde_norway::Deserializer::from_str(&text) {
        let scenario = Scenario::deserialize(document).expect("the suite's own form");
        let server = DnsServer::start(&zone(&scenario.zonedata));
        let settings = Settings {
            resolver: server.addr().to_string(),
            dns_query_milliseconds_max: 200,
            dns_milliseconds_max: 5_000,
            ..Settings::default()
        };
        let verifier = Verifier::new(&settings).expect("sound settings");
        for (name, case) in &scenario.tests {
            let (check, gap) = verifier.check_spf(case.host, &case.helo, &case.mailfrom).await;
            let expected = case.expected();
            assert_eq!(gap.is_some(), check.outcome == Outcome::TempError, "{name}: a gap goes with a temperror");
            verdicts.note(name, expected.iter().any(|e| e == check.outcome.name()), || {
                format!("{} instead of {}", check.outcome.name(), expected.join(" or "))
            });
        }
    }
    verdicts.finish(203);
}

impl Case {
    /// The results that the suite allows, the preferred one first.
    fn expected(&self) -> Vec<String> {
        match &self.result {
            Value::Sequence(list) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            value => value.as_str().map(str::to_owned).into_iter().collect(),
        }
    }
}

/// The suite's zone in ours: SPF records are TXT records too unless the name says otherwise (see the suite's head).
fn zone(zonedata: &BTreeMap<String, Value>) -> String {
    let mut zone = String::new();
    for (name, entries) in zonedata {
        let entries = entries.as_sequence().expect("a list");
        let name = name.replace(' ', "\\032");
        let has_text = entries.iter().any(|entry| entry.get("TXT").is_some());
        for entry in entries {
            if entry.as_str() == Some("TIMEOUT") {
                writeln!(zone, "{name} TIMEOUT").expect("writes");
                continue;
            }
            let (kind, data) = entry.as_mapping().and_then(|m| m.iter().next()).expect("type: data");
            let line = match kind.as_str().expect("a type") {
                "SPF" if !has_text => text(data),
                "TXT" if data.as_str() != Some("NONE") => text(data),
                "SPF" | "TXT" => "EXISTS".to_owned(),
                "MX" => {
                    let [preference, host] = data.as_sequence().expect("a pair").as_slice() else { panic!("a pair") };
                    format!("MX {} {}", preference.as_u64().expect("a number"), host.as_str().expect("a name"))
                }
                kind => format!("{kind} {}", data.as_str().expect("text")),
            };
            if !line.is_empty() {
                writeln!(zone, "{name} {line}").expect("writes");
            }
        }
    }
    zone
}

/// A TXT line; the suite writes bytes as the code points of the same number.
fn text(data: &Value) -> String {
    let bytes =
        |text: &str| quoted(&text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect::<Vec<_>>());
    match data {
        Value::Sequence(list) if list.is_empty() => "TXT \"\"".to_owned(),
        Value::Sequence(list) => {
            format!("TXT {}", list.iter().filter_map(Value::as_str).map(bytes).collect::<Vec<_>>().join(" "))
        }
        value => format!("TXT {}", bytes(value.as_str().expect("text"))),
    }
}
