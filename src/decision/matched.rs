//! What rules say of a message, as reasons and as the least verdict.

use crate::rules::{Consequence, Match, Matches};

use super::{Reason, Verdict};

/// Matches that become reasons; the journal names more.
const MATCHES_MAX: usize = 8;
/// What was found of one match that is told.
const FOUND_MAX: usize = 3;
/// How the reason of a rule is named: what follows is the name of its file.
pub const RULE_PREFIX: &str = "rule.";

/// What rules say of a message.
pub(super) struct Matched {
    /// The least verdict that they want.
    pub(super) verdict: Verdict,
    /// Those that want more than to be listed.
    pub(super) acting: Vec<Reason>,
    /// Those that are only listed.
    pub(super) listed: Vec<Reason>,
}

/// What rules say, put as reasons that weigh nothing in the score.
pub(super) fn matched(matches: Option<&Matches>) -> Matched {
    let mut all = Matched { verdict: Verdict::Accept, acting: Vec::new(), listed: Vec::new() };
    let Some(matches) = matches else { return all };
    let mut order: Vec<&Match> = matches.matched.iter().collect();
    order.sort_by_key(|found| std::cmp::Reverse(found.does));
    for found in order.into_iter().take(MATCHES_MAX) {
        all.verdict = all.verdict.max(verdict(found.does));
        let reasons = if found.does == Consequence::List { &mut all.listed } else { &mut all.acting };
        reasons.push(reason(found));
    }
    if let Some(exclusion) = &matches.excluded_by {
        let because = format!("\u{201c}{}\u{201d} excuses it from what rules do", exclusion.name);
        all.listed.push(Reason { name: format!("{RULE_PREFIX}{}", exclusion.key), because, contribution: 0.0 });
    }
    all
}

pub(super) fn verdict(does: Consequence) -> Verdict {
    match does {
        Consequence::List => Verdict::Accept,
        Consequence::Tag => Verdict::Tag,
        Consequence::Hold => Verdict::Hold,
    }
}

fn reason(found: &Match) -> Reason {
    let rule = &found.rule;
    let severity = rule.severity.as_deref().map_or_else(String::new, |severity| format!(" ({severity})"));
    let told: Vec<String> = found
        .found
        .iter()
        .take(FOUND_MAX)
        .map(|found| format!("{} \u{201c}{}\u{201d}", found.place, found.value))
        .collect();
    let told = if told.is_empty() { String::new() } else { format!(": {}", told.join(", ")) };
    let muted = if found.is_muted { "; muted: it does nothing" } else { "" };
    let because = format!("\u{201c}{}\u{201d}{severity} matches{told}{muted}", rule.name);
    Reason { name: format!("{RULE_PREFIX}{}", rule.key), because, contribution: 0.0 }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::rules::Heading;
    use crate::rules::evaluate::Found;
    use crate::rules::feed::EntityKind;

    /// A match that does something.
    pub(in crate::decision) fn found(key: &str, does: Consequence) -> Match {
        let rule = Heading {
            path: format!("rules/{key}.yml").into(),
            key: key.to_owned(),
            name: format!("The rule {key}"),
            id: None,
            kind: EntityKind::Rule,
            severity: Some("high".to_owned()),
            tags: Vec::new(),
            attack_types: Vec::new(),
            digest: String::new(),
        };
        let told = Found { place: "subject.subject".to_owned(), value: "pay now".to_owned(), start: Some(2) };
        Match { rule: Arc::new(rule), found: vec![told], does, is_muted: false }
    }

    #[test]
    fn the_strongest_consequence_is_the_least_verdict() {
        let matches = Matches {
            matched: vec![found("a", Consequence::List), found("b", Consequence::Tag), found("c", Consequence::Hold)],
            ..Matches::default()
        };
        let all = matched(Some(&matches));
        assert_eq!(all.verdict, Verdict::Hold);
        let names: Vec<&str> = all.acting.iter().map(|reason| reason.name.as_str()).collect();
        assert_eq!(names, ["rule.c", "rule.b"]);
        assert_eq!(
            all.listed[0].because,
            "\u{201c}The rule a\u{201d} (high) matches: subject.subject \u{201c}pay now\u{201d}"
        );
    }

    #[test]
    fn what_is_listed_decides_nothing() {
        let matches = Matches { matched: vec![found("a", Consequence::List)], ..Matches::default() };
        assert_eq!(matched(Some(&matches)).verdict, Verdict::Accept);
        assert_eq!(matched(None).verdict, Verdict::Accept);
    }
}
