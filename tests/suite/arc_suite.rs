//! The validation suite of ARC (RFC 8617), case by case through our own room, over real DNS questions to loopback.

use std::collections::BTreeMap;
use std::path::Path;

use kith::auth::{Settings, Verifier};
use kith::mail::Envelope;
use serde::Deserialize;

use crate::dns::{DnsServer, quoted};
use crate::known_failures::Verdicts;

const SUITE: &str = "../shared/conformance/arc/arc-draft-validation-tests.yml";

#[derive(Deserialize)]
struct Scenario {
    tests: BTreeMap<String, Case>,
    #[serde(default, rename = "txt-records")]
    records: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Case {
    message: String,
    /// `None`, `Pass` or `Fail`; empty where the suite leaves it open.
    cv: Option<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn arc_validation_suite() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SUITE);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not here", path.display());
        return;
    };
    let mut verdicts = Verdicts::read("arc.txt");
    for document in serde_norway::Deserializer::from_str(&text) {
        let scenario = Scenario::deserialize(document).expect("the suite's own form");
        let records = scenario.records.unwrap_or_default();
        let zone: Vec<String> =
            records.iter().map(|(name, text)| format!("{name} TXT {}", quoted(text.trim().as_bytes()))).collect();
        let server = DnsServer::start(&zone.join("\n"));
        let settings = Settings { resolver: server.addr().to_string(), ..Settings::default() };
        let verifier = Verifier::new(&settings).expect("sound settings");
        for (name, case) in &scenario.tests {
            let Some(expected) = case.cv.as_deref().filter(|cv| !cv.is_empty()) else { continue };
            let raw = case.message.replace("\r\n", "\n").replace('\n', "\r\n");
            let results = verifier.verify(&Envelope::default(), raw.as_bytes(), None).await;
            let found = results.arc.outcome.name();
            verdicts.note(name, found.eq_ignore_ascii_case(expected), || format!("{found} instead of {expected}"));
        }
    }
    verdicts.finish(168);
}
