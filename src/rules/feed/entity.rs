//! One file of a feed: YAML with a source in the rule language.

use std::path::PathBuf;

use serde::Deserialize;
use serde_norway::Value;

/// What a file of a feed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntityKind {
    /// Flags a message.
    Rule,
    /// Finds details in outbound mail that should not leave.
    Dlp,
    /// Is shown, whatever it comes to.
    Query,
    /// Excuses a message.
    Exclusion,
    /// Acts on messages that were flagged.
    TriageRule,
}

impl EntityKind {
    /// The word of the files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Dlp => "dlp",
            Self::Query => "query",
            Self::Exclusion => "exclusion",
            Self::TriageRule => "triage_rule",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Rule, Self::Dlp, Self::Query, Self::Exclusion, Self::TriageRule].into_iter().find(|k| k.name() == word)
    }

    /// Whether its source must be a condition.
    pub fn is_condition(self) -> bool {
        self != Self::Query
    }
}

/// Where a source stands in its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line of its first line, from 1.
    pub line: usize,
    /// How far it is indented.
    pub indent: usize,
}

/// A message on which a rule is tested.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// The message itself.
    #[serde(default)]
    pub message: Option<String>,
    /// The file that it is in, in the folder `tests` of the rules.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// Whether the rule is to match it.
    pub matches: bool,
}

/// A file of a feed, as far as Kith reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
    /// Its identifier, where it has one.
    pub id: Option<String>,
    /// How much it matters, where it says: low, medium, high, critical, informational.
    pub severity: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The attacks that it is against.
    pub attack_types: Vec<String>,
    /// Whether it is switched on.
    pub active: bool,
    /// The messages on which it is to be tested.
    pub tests: Vec<Sample>,
    /// Its source in the rule language.
    pub source: String,
    /// Where that stands.
    pub place: Place,
}

/// The fields of a file, as YAML has them.
#[derive(Deserialize)]
struct Fields {
    name: Value,
    source: Value,
    r#type: Value,
    #[serde(default)]
    id: Value,
    #[serde(default)]
    severity: Value,
    #[serde(default)]
    tags: Vec<Value>,
    #[serde(default)]
    attack_types: Vec<Value>,
    #[serde(default)]
    active: Option<bool>,
    #[serde(default)]
    tests: Vec<Sample>,
}

/// A scalar as text: `source: true` is a boolean of YAML, and a source too.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Entity {
    /// Reads a file.
    ///
    /// # Errors
    /// Why it is none, and on which line, where that is known.
    pub fn read(yaml: &str) -> Result<Self, (String, Place)> {
        let fields: Fields = serde_norway::from_str(yaml).map_err(|error| {
            let line = error.location().map_or(1, |place| place.line());
            (format!("this is no rule in YAML: {error}"), Place { line, indent: 0 })
        })?;
        let place = source_place(yaml);
        let whole = |value: &Value, field: &str| {
            text(value).ok_or_else(|| (format!("`{field}` must be a text"), Place { line: 1, indent: 0 }))
        };
        let word = whole(&fields.r#type, "type")?;
        let kind = EntityKind::of(&word).ok_or_else(|| {
            let known = "known are rule, dlp, query, exclusion and triage_rule";
            (format!("{word:?} is no type of rule: {known}"), Place { line: line_of(yaml, "type"), indent: 0 })
        })?;
        let texts = |values: &[Value]| values.iter().filter_map(text).collect();
        Ok(Self {
            name: whole(&fields.name, "name")?,
            kind,
            id: text(&fields.id),
            severity: text(&fields.severity),
            tags: texts(&fields.tags),
            attack_types: texts(&fields.attack_types),
            active: fields.active.unwrap_or(true),
            tests: fields.tests,
            source: whole(&fields.source, "source")?,
            place,
        })
    }
}

/// The line of a field, from 1.
fn line_of(yaml: &str, field: &str) -> usize {
    let begins = |line: &str| line.strip_prefix(field).is_some_and(|rest| rest.trim_start().starts_with(':'));
    yaml.lines().position(begins).map_or(1, |line| line + 1)
}

/// Where the source begins: on the line behind `source: |`, else behind the colon.
fn source_place(yaml: &str) -> Place {
    let line = line_of(yaml, "source");
    let mut lines = yaml.lines().skip(line - 1);
    let first = lines.next().unwrap_or_default();
    let value = first.split_once(':').map_or("", |(_, value)| value.trim());
    if !value.starts_with(['|', '>']) {
        let indent = first.len() - first.split_once(':').map_or("", |(_, value)| value.trim_start()).len();
        return Place { line, indent };
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let written = lines.find(|line| !line.trim().is_empty()).map_or(0, indent);
    Place { line: line + 1, indent: written }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "name: Own\ntype: \"rule\"\nseverity: high\nsource: |\n  type.inbound\n  and true\ntags: [a]\n";

    #[test]
    fn a_file_is_read_with_the_place_of_its_source() {
        let rule = Entity::read(RULE).expect("sound");
        assert_eq!((rule.name.as_str(), rule.kind, rule.active), ("Own", EntityKind::Rule, true));
        assert_eq!(rule.source, "type.inbound\nand true\n");
        assert_eq!(rule.place, Place { line: 5, indent: 2 });
        assert_eq!((rule.severity.as_deref(), rule.tags.as_slice()), (Some("high"), ["a".to_owned()].as_slice()));
        assert_eq!(rule.id, None);
    }

    #[test]
    fn a_source_of_one_line_is_one_too() {
        let rule = Entity::read("name: a\ntype: query\nsource: true\n").expect("sound");
        assert_eq!((rule.source.as_str(), rule.place), ("true", Place { line: 3, indent: 8 }));
        assert!(!rule.kind.is_condition());
    }

    #[test]
    fn what_is_no_rule_says_where() {
        let check = |yaml: &str, line: usize, why: &str| {
            let (message, place) = Entity::read(yaml).expect_err(yaml);
            assert!(message.contains(why) && place.line == line, "{yaml}: {message} {place:?}");
        };
        check("name: a\n", 1, "missing field");
        check("name: a\ntype: rul\nsource: true\n", 2, "\"rul\" is no type");
        check("name: [a]\ntype: rule\nsource: true\n", 1, "`name` must be a text");
        check("a: b: c\n", 1, "no rule in YAML");
    }
}
