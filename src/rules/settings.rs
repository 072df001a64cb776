//! The settings of the rules: which there are, and what a match may do.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::feed::EntityKind;
use super::set::Heading;

/// Actions that are listed: each is compared with every rule when rules are loaded.
const ACTIONS_MAX: usize = 1_000;
/// Words for how much a rule matters.
const SEVERITIES: [&str; 5] = ["informational", "low", "medium", "high", "critical"];

/// Whether matches of rules may do anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// They are written down and listed among the reasons, and weigh nothing.
    #[default]
    Monitor,
    /// They do what `actions` say, each rule as far as it was promoted.
    Act,
}

/// What a match does to a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Consequence {
    /// It is listed among the reasons.
    #[default]
    List,
    /// The message is tagged at least.
    Tag,
    /// The message is held at least.
    Hold,
}

impl Consequence {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Tag => "tag",
            Self::Hold => "hold",
        }
    }
}

/// What matches of some rules do. It fits a rule of which all that it names is so.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Action {
    /// The name of the rule's file without the ending, or its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Its severity: `informational`, `low`, `medium`, `high` or `critical`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// Its type: `rule` or `dlp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// One of its tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// One of the attacks that it is against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attack_type: Option<String>,
    /// What is done: `list`, `tag` or `hold`.
    pub action: Consequence,
}

impl Action {
    fn fits(&self, rule: &Heading) -> bool {
        let same = |wanted: &Option<String>, own: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| own.is_some_and(|own| own.eq_ignore_ascii_case(wanted)))
        };
        let among = |wanted: &Option<String>, own: &[String]| {
            wanted.as_deref().is_none_or(|wanted| own.iter().any(|own| own.eq_ignore_ascii_case(wanted)))
        };
        self.rule.as_deref().is_none_or(|name| rule.is_named(name))
            && same(&self.severity, rule.severity.as_deref())
            && same(&self.r#type, Some(rule.kind.name()))
            && among(&self.tag, &rule.tags)
            && among(&self.attack_type, &rule.attack_types)
    }

    fn names_nothing(&self) -> bool {
        [&self.rule, &self.severity, &self.r#type, &self.tag, &self.attack_type].iter().all(|name| name.is_none())
    }
}

/// The settings of the rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Rules in YAML, or folders of them; empty for none.
    pub paths: Vec<PathBuf>,
    /// Folders of the lists that rules name: `NAME.txt`, an entry a line, or `NAME.csv`.
    pub lists: Vec<PathBuf>,
    /// `monitor` lists what matches, `act` does what `actions` say.
    pub mode: Mode,
    /// What matches do; of several actions that fit a rule the first counts, and a rule that none fits is only listed.
    pub actions: Vec<Action>,
    /// Whether rules of type `exclusion` excuse a message from what other rules do. They are asked only what was proved.
    pub exclusions: bool,
    /// Seconds between looks whether rules or lists have changed; 0 looks only when the settings are read again.
    pub look_seconds: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // Which rules to trust is for the administrator to say.
            paths: Vec::new(),
            lists: Vec::new(),
            // A rule is watched before it is trusted.
            mode: Mode::Monitor,
            // Severity is not a verdict.
            actions: Vec::new(),
            // Who excuses mail should know that he does.
            exclusions: false,
            // A feed changes some times a day; looking costs a few milliseconds.
            look_seconds: 10,
        }
    }
}

impl Settings {
    /// What keeps the values from working, each in words that begin with its key.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.actions.len() > ACTIONS_MAX {
            faults.push(format!("rules.actions has more than {ACTIONS_MAX} entries"));
        }
        for action in &self.actions {
            if action.names_nothing() {
                faults.push("rules.actions: an entry must name a rule, severity, type, tag or attack_type".to_owned());
            }
            if let Some(word) = action.severity.as_deref().filter(|word| !SEVERITIES.contains(word)) {
                faults.push(format!("rules.actions: {word:?} is no severity; known are {}", SEVERITIES.join(", ")));
            }
            let kinds = [EntityKind::Rule.name(), EntityKind::Dlp.name()];
            if let Some(word) = action.r#type.as_deref().filter(|word| !kinds.contains(word)) {
                faults.push(format!("rules.actions: rules of type {word:?} do nothing to a message; use rule or dlp"));
            }
        }
        faults
    }

    /// What these settings let the matches of a rule do, however far it was promoted.
    pub fn most(&self, rule: &Heading) -> Consequence {
        let action = self.actions.iter().find(|action| action.fits(rule)).map(|action| action.action);
        match (self.mode, action) {
            (Mode::Monitor, _) | (_, None) => Consequence::List,
            // Such rules forbid a habit that honest people have too.
            (Mode::Act, Some(action)) if rule.only_tags() => action.min(Consequence::Tag),
            (Mode::Act, Some(action)) => action,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(severity: &str, tags: &[&str]) -> Heading {
        Heading {
            path: PathBuf::from("rules/own.yml"),
            key: "own".to_owned(),
            name: "Own".to_owned(),
            id: Some("7".to_owned()),
            kind: EntityKind::Rule,
            severity: Some(severity.to_owned()),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            attack_types: vec!["BEC/Fraud".to_owned()],
            digest: String::new(),
        }
    }

    fn check(text: &str, rule: &Heading, expected: Consequence) {
        let settings: Settings = toml::from_str(text).expect("readable");
        assert!(settings.faults().is_empty(), "{:?}", settings.faults());
        assert_eq!(settings.most(rule), expected, "{text}");
    }

    #[test]
    fn the_first_action_that_fits_counts() {
        let actions = "mode = 'act'\n[[actions]]\nrule = 'own'\nseverity = 'low'\naction = 'list'\n\
            [[actions]]\nseverity = 'high'\nattack_type = 'bec/fraud'\naction = 'hold'\n\
            [[actions]]\ntype = 'rule'\naction = 'tag'\n";
        check(actions, &rule("low", &[]), Consequence::List);
        check(actions, &rule("high", &[]), Consequence::Hold);
        check(actions, &rule("medium", &[]), Consequence::Tag);
        check(&actions.replace("act'\n", "monitor'\n"), &rule("high", &[]), Consequence::List);
        check("mode = 'act'", &rule("critical", &[]), Consequence::List);
        check("mode = 'act'\n[[actions]]\nrule = '7'\naction = 'hold'", &rule("low", &[]), Consequence::Hold);
    }

    #[test]
    fn what_reduces_the_attack_surface_only_tags() {
        let hold = "mode = 'act'\n[[actions]]\nseverity = 'high'\naction = 'hold'";
        check(hold, &rule("high", &["Attack surface reduction"]), Consequence::Tag);
    }

    #[test]
    fn faults_are_named() {
        for (text, part) in [
            ("[[actions]]\naction = 'hold'", "must name a rule"),
            ("[[actions]]\nseverity = 'severe'", "is no severity"),
            ("[[actions]]\ntype = 'query'", "do nothing"),
        ] {
            let settings: Settings = toml::from_str(text).expect("readable");
            assert!(settings.faults().iter().any(|fault| fault.contains(part)), "{text}: {:?}", settings.faults());
        }
    }
}
