//! What people said of decisions: `labels.jsonl`, whose last word on a decision is the current one.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::mail::Moment;

/// The file of labels within the state directory.
pub(super) const LABELS: &str = "labels.jsonl";

/// What somebody said of a decision.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Label {
    /// The decision's id.
    pub(super) id: String,
    /// `safe` or `attack`.
    pub(super) label: String,
    /// The kind of attack.
    pub(super) category: Option<String>,
    /// Who said it.
    pub(super) who: Option<String>,
    /// When, by RFC 3339.
    pub(super) at: String,
    /// By what way: a release, a report, an audit.
    pub(super) how: Option<String>,
    /// How much it weighs.
    pub(super) weight: Option<f32>,
    /// A remark.
    pub(super) note: Option<String>,
    /// When, in milliseconds since 1970.
    #[serde(skip)]
    pub(super) at_ms: Option<i64>,
    /// Whether it is the newest on its decision.
    #[serde(skip)]
    pub(super) current: bool,
}

/// All labels of a state directory in their order, and the bytes that held them; none where there is no file. Lines that
/// say nothing of a decision are passed over.
pub(super) fn read(state: &Path) -> io::Result<(Vec<Label>, u64)> {
    let text = match fs::read(state.join(LABELS)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
        text => text?,
    };
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let mut labels: Vec<Label> = Vec::new();
    let mut newest: HashMap<String, usize> = HashMap::new();
    for line in text[..whole].split(|byte| *byte == b'\n') {
        let Ok(mut label) = serde_json::from_slice::<Label>(line) else { continue };
        if label.id.is_empty() || label.label.is_empty() {
            continue;
        }
        label.at_ms = Moment::parse(&label.at).map(|at| at.0);
        let place = labels.len();
        let is_newest = newest.get(&label.id).is_none_or(|earlier| labels[*earlier].at_ms <= label.at_ms);
        label.current = is_newest;
        if is_newest && let Some(earlier) = newest.insert(label.id.clone(), place) {
            labels[earlier].current = false;
        }
        labels.push(label);
    }
    Ok((labels, whole as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_word_is_the_current_one() {
        let state = tempfile::tempdir().expect("a directory");
        assert_eq!(read(state.path()).expect("readable"), (Vec::new(), 0));
        let line = |id: &str, label: &str, day: u8| {
            format!("{{\"id\":\"{id}\",\"label\":\"{label}\",\"at\":\"2026-11-{day:02}T00:00:00Z\",\"weight\":1}}\n")
        };
        let text = line("A", "safe", 2) + &line("A", "attack", 3) + "garbled\n{}\n" + &line("A", "safe", 1);
        let text = text + &line("B", "safe", 1) + "{\"id\":\"torn";
        fs::write(state.path().join(LABELS), &text).expect("written");
        let (labels, bytes) = read(state.path()).expect("readable");
        let current: Vec<_> = labels.iter().map(|l| (l.id.as_str(), l.label.as_str(), l.current)).collect();
        let expected = [("A", "safe", false), ("A", "attack", true), ("A", "safe", false), ("B", "safe", true)];
        assert_eq!(current, expected);
        assert_eq!(bytes as usize, text.len() - "{\"id\":\"torn".len());
    }
}
