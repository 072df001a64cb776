//! The metrics of conf/metrics, on Kith's own engine and on others: the same question to the same files, the same answer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::commands::{kith, out};
use crate::tables::filled;

/// A Python that has pyspark, and perhaps pandas and duckdb.
const SPARK: &str = "KITH_TEST_SPARK";

/// The rows of every metric.
type Answers = BTreeMap<String, Vec<Value>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn metrics() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("conf/metrics")).expect("the metrics");
    let mut paths: Vec<_> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn own(state: &Path) -> Answers {
    let state = state.display().to_string();
    let ask = |path: &PathBuf| {
        let output = kith(&["sql", "--json", "--file", &path.display().to_string(), "--state", &state]);
        assert!(output.status.success(), "{path:?}: {}", String::from_utf8_lossy(&output.stderr));
        let rows = out(&output).lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
        (path.file_stem().expect("a name").to_string_lossy().into_owned(), rows)
    };
    metrics().iter().map(ask).collect()
}

fn other(python: &str, script: &str, arguments: &[&str]) -> Answers {
    let output = Command::new(python).arg(root().join(script)).args(arguments).output().expect("Python runs");
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    let object = |line: &str| serde_json::from_str::<Value>(line).expect("an object a line");
    let said = out(&output);
    let answer = |object: Value| {
        (object["metric"].as_str().expect("a name").to_owned(), object["rows"].as_array().expect("rows").clone())
    };
    said.lines().map(object).map(answer).collect()
}

/// Two answers are the same: names, texts and counts exactly, other numbers to twelve digits, since means are summed up in
/// another order elsewhere.
fn check(engine: &str, ours: &Answers, theirs: &Answers) {
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>(), "{engine}");
    for (metric, rows) in ours {
        let others = &theirs[metric];
        assert_eq!(rows.len(), others.len(), "{engine} {metric}: {rows:?} {others:?}");
        for (row, other) in rows.iter().zip(others) {
            let (row, other) = (row.as_object().expect("a row"), other.as_object().expect("a row"));
            assert_eq!(row.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{engine} {metric}");
            for (name, value) in row {
                let same = match (value.as_f64(), other[name].as_f64()) {
                    (Some(one), Some(other)) => (one - other).abs() <= 1e-12 * one.abs().max(1.0),
                    _ => value == &other[name],
                };
                assert!(same, "{engine} {metric}.{name}: {value} here, {} there", other[name]);
            }
        }
    }
}

#[test]
fn every_metric_says_something_and_all_sums_are_exact() {
    let state = filled(420);
    let answers = own(state.path());
    for (metric, rows) in &answers {
        assert!(!rows.is_empty(), "{metric}");
    }
    assert_eq!(answers["sums"], [serde_json::json!({"decisions": 420, "wrong": 0})]);
    let held = answers["precision_by_verdict"].iter().find(|row| row["verdict"] == "hold").expect("held mail");
    assert_eq!((&held["labelled"], &held["attacks"]), (&Value::from(28), &Value::from(21)));
}

#[test]
fn every_metric_is_the_same_on_spark_and_pandas() {
    let Ok(python) = std::env::var(SPARK) else {
        eprintln!("skipped: {SPARK} names no Python with pyspark (packaging/spark/README.md)");
        return;
    };
    let state = filled(420);
    let ours = own(state.path());
    let tables = state.path().join("tables").display().to_string();
    let metrics = root().join("conf/metrics").display().to_string();
    let spark = other(&python, "packaging/spark/metrics.py", &["--tables", &tables, "--metrics", &metrics]);
    check("Spark", &ours, &spark);
    let frames = other(&python, "tests/suite/metrics/frames.py", &[&tables, &metrics]);
    check("pandas", &ours, &frames);
}
