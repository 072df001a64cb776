//! The rules that matched, read from an entry in whichever of a few forms it has.

use serde_json::Value;

/// Matches read of one entry: as many rules as a feed has would be no finding any more.
const MATCHES_MAX: usize = 500;

/// A rule that matched.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Match {
    /// Its name or id.
    pub(super) rule: String,
    /// How grave it is by its own words.
    pub(super) severity: Option<String>,
    /// What kind of rule it is.
    pub(super) kind: Option<String>,
    /// What it did to the message.
    pub(super) does: Option<String>,
    /// Whether it would have done more, but was muted.
    pub(super) muted: Option<bool>,
    /// What it added to the score.
    pub(super) points: Option<f32>,
}

/// Reads the matches of an entry: a list of names or of objects, or an object of names. What is none is passed over.
pub(super) fn read(value: &Value) -> Vec<Match> {
    match value {
        Value::Array(list) => list.iter().filter_map(one).take(MATCHES_MAX).collect(),
        Value::Object(named) => {
            named.iter().take(MATCHES_MAX).map(|(rule, of)| Match { rule: rule.clone(), ..details(of) }).collect()
        }
        _ => Vec::new(),
    }
}

fn one(value: &Value) -> Option<Match> {
    match value {
        Value::String(rule) => Some(Match { rule: rule.clone(), ..Match::default() }),
        Value::Object(_) => {
            let rule = first_text(value, &["rule", "name", "id"])?;
            Some(Match { rule, ..details(value) })
        }
        _ => None,
    }
}

fn details(value: &Value) -> Match {
    let points = value.as_f64().or_else(|| ["contribution", "points"].iter().find_map(|key| value.get(key)?.as_f64()));
    Match {
        rule: String::new(),
        severity: first_text(value, &["severity"]),
        kind: first_text(value, &["type", "kind"]),
        does: first_text(value, &["does"]),
        muted: value.get("muted").and_then(Value::as_bool),
        points: points.map(|points| points as f32),
    }
}

fn first_text(value: &Value, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| value.get(key)?.as_str().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Option<&str>, Option<f32>)]) {
        let matches = read(&serde_json::from_str(text).expect("JSON"));
        let found: Vec<_> = matches.iter().map(|m| (m.rule.as_str(), m.severity.as_deref(), m.points)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn matches_are_read_in_every_form() {
        check(r#"["a","b"]"#, &[("a", None, None), ("b", None, None)]);
        check(r#"[{"name":"a","severity":"high","contribution":1.5},{"x":1},7]"#, &[("a", Some("high"), Some(1.5))]);
        check(r#"[{"rule":"r","id":"i","points":2}]"#, &[("r", None, Some(2.0))]);
        check(r#"{"a":0.5,"b":{"severity":"low"}}"#, &[("a", None, Some(0.5)), ("b", Some("low"), None)]);
        let text = r#"[{"rule":"r","type":"rule","does":"tag","muted":true}]"#;
        let full = Match {
            rule: "r".to_owned(),
            kind: Some("rule".to_owned()),
            does: Some("tag".to_owned()),
            muted: Some(true),
            ..Match::default()
        };
        assert_eq!(read(&serde_json::from_str(text).expect("JSON")), [full]);
        check("null", &[]);
        check("3", &[]);
    }

    #[test]
    fn matches_have_a_limit() {
        for (count, expected) in [(MATCHES_MAX, MATCHES_MAX), (MATCHES_MAX + 1, MATCHES_MAX)] {
            assert_eq!(read(&Value::from(vec!["a"; count])).len(), expected);
        }
    }
}
