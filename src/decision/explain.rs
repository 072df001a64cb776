//! A decision in words, for a terminal of 80 columns.

use std::fmt::Write;

use super::matched::RULE_PREFIX;
use super::{Decision, DecisionId, Reach, Reason, Verdict, smallest_change};

/// Widest line.
const COLUMNS: usize = 80;
/// Reasons shown one by one; the rest is shown as one sum, so that the table adds up.
const REASONS_MAX: usize = 20;

/// A decision with what is needed to tell of it.
pub struct Account<'a> {
    /// Its id.
    pub id: DecisionId,
    /// The decision.
    pub decision: &'a Decision,
    /// What the message was, as label and text: `("From", "anna@example.org")`.
    pub facts: &'a [(&'a str, String)],
    /// What each input of the model can give, for the smallest change; empty where that is not known.
    pub reaches: &'a [Reach],
    /// What muted detectors would have added, each with its fact in words.
    pub withheld: &'a [(String, f32)],
    /// The fact behind an input in words; `None` where the name says all that is known.
    pub because: &'a dyn Fn(&str) -> Option<&'static str>,
}

/// Tells of a decision: the verdict, the message, the score as a table that adds up, what could not be known, and the
/// smallest set of facts that would have changed the verdict. Characters that a terminal would obey are replaced.
pub fn explain(account: &Account<'_>) -> String {
    let mut text = String::new();
    let decision = account.decision;
    let category = decision.category.map_or(String::new(), |c| format!(" as {}", c.name().replace('_', " ")));
    let done = match decision.action {
        action if action == decision.verdict => String::new(),
        Verdict::Accept => " (monitored only: accepted)".to_owned(),
        // A hold or refusal that could not be written down.
        action => format!(" ({} instead)", participle(action)),
    };
    wrapped(&mut text, 0, &format!("{}: {}{category}{done}", account.id, participle(decision.verdict)));
    let width = account.facts.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
    for (label, fact) in account.facts {
        wrapped_after(&mut text, &format!("  {label:width$}  "), fact);
    }
    text.push('\n');
    table(&mut text, decision);
    for (words, points) in account.withheld {
        let lead =
            if *points == 0.0 { "  Muted: ".to_owned() } else { format!("  Muted, not counted: {points:+.3}  ") };
        wrapped_after(&mut text, &lead, words);
    }
    if !decision.gaps.is_empty() {
        text.push_str("\nNot known\n");
        for gap in &decision.gaps {
            wrapped_after(&mut text, "  - ", &format!("{}: {}", gap.missing.name(), gap.why));
        }
    }
    counterfactual(&mut text, account);
    text
}

/// What was done, in words.
fn participle(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "accepted",
        Verdict::Tag => "tagged",
        Verdict::Hold => "held",
        Verdict::Tempfail => "refused for now",
        Verdict::Reject => "refused",
    }
}

/// The calibrated probability that belongs to log-odds, in percent.
fn percent(points: f32) -> String {
    format!("{:.1} %", 100.0 / (1.0 + (-points).exp()))
}

/// The policy entries, then base and contributions down to the score.
fn table(text: &mut String, decision: &Decision) {
    let (entries, parts): (Vec<&Reason>, Vec<&Reason>) = decision.reasons.iter().partition(|r| r.contribution == 0.0);
    for entry in entries {
        let lead = if entry.name.starts_with(RULE_PREFIX) { "  Rule: " } else { "  By policy: " };
        wrapped_after(text, lead, &format!("{} ({})", entry.because, entry.name));
    }
    let Some(score) = decision.score else {
        text.push_str("No score.\n");
        return;
    };
    let threshold = if decision.threshold.is_finite() {
        let name = if decision.verdict == Verdict::Accept { "next threshold" } else { "threshold" };
        format!("{name} {:.2} ({})", decision.threshold, percent(decision.threshold))
    } else {
        "no threshold is set".to_owned()
    };
    wrapped(text, 0, &format!("Score {score:+.3} (probability of an attack {}), {threshold}", percent(score)));
    text.push('\n');
    wrapped_after(text, &format!("  {:+8.3}  ", decision.base), "before anything was known");
    for part in parts.iter().take(REASONS_MAX) {
        let named =
            if part.because == part.name { part.name.clone() } else { format!("{} ({})", part.because, part.name) };
        wrapped_after(text, &format!("  {:+8.3}  ", part.contribution), &named);
    }
    if let Some(rest) = parts.get(REASONS_MAX..).filter(|rest| !rest.is_empty()) {
        let sum: f32 = rest.iter().map(|part| part.contribution).sum();
        wrapped_after(text, &format!("  {sum:+8.3}  "), &format!("{} weaker ones together", rest.len()));
    }
    wrapped_after(text, &format!("  {score:+8.3}  "), "in all");
}

/// What would have changed the verdict, where the score decided it.
fn counterfactual(text: &mut String, account: &Account<'_>) {
    let decision = account.decision;
    let by_policy = decision.reasons.first().is_some_and(|r| r.contribution == 0.0 && !NEAR.contains(&r.name.as_str()));
    let is_told = !by_policy && !account.reaches.is_empty() && decision.threshold.is_finite();
    let Some(score) = decision.score.filter(|_| is_told) else { return };
    let given: Vec<_> = decision.reasons.iter().map(|r| (r.name.as_str(), r.contribution)).collect();
    let (outcome, side) = match decision.verdict {
        Verdict::Accept => ("have reached the next threshold".to_owned(), "for"),
        verdict => (format!("not have been {}", participle(verdict)), "against"),
    };
    text.push('\n');
    let Some(changes) = smallest_change(score, decision.threshold, &given, account.reaches) else {
        let words = format!("Had no fact spoken {side} it, it would still {}.", denied(decision.verdict));
        wrapped(text, 0, &words);
        return;
    };
    let (these, how) = match (decision.verdict, changes.len()) {
        (Verdict::Accept, _) => ("this", "so"),
        (_, 1) => ("this fact", "otherwise"),
        (_, _) => ("these facts", "otherwise"),
    };
    wrapped(text, 0, &format!("It would {outcome}, had {these} been {how}:"));
    for change in changes {
        let because = (account.because)(&change.name).unwrap_or(&change.name);
        let points = format!("{:+.2} could have been {:+.2}", change.given, change.otherwise);
        wrapped_after(text, "  - ", &format!("{because} ({points})"));
    }
}

/// What stays as it was, where no fact would have changed it.
fn denied(verdict: Verdict) -> String {
    match verdict {
        Verdict::Accept => "not have reached the next threshold".to_owned(),
        verdict => format!("have been {}", participle(verdict)),
    }
}

/// Policy reasons that stand beside a verdict by score.
const NEAR: [&str; 2] = ["allow_unproved", "entries_divided"];

/// One paragraph, its further lines indented.
fn wrapped(text: &mut String, indent: usize, words: &str) {
    wrapped_after(text, &" ".repeat(indent), words);
}

/// A paragraph after a lead, its further lines beginning where the lead ended. A word that fits no line is cut.
fn wrapped_after(text: &mut String, lead: &str, words: &str) {
    let indent = lead.chars().count().min(COLUMNS / 2);
    let mut line = lead.to_owned();
    let mut column = lead.chars().count();
    let mut is_first = true;
    for word in words.split_whitespace() {
        let mut word: String = word.chars().map(harmless).take(COLUMNS - indent).collect();
        let wide = word.chars().count();
        if !is_first && column + 1 + wide > COLUMNS {
            let _ = writeln!(text, "{}", line.trim_end());
            line = " ".repeat(indent);
            column = indent;
            is_first = true;
        }
        if !is_first {
            word.insert(0, ' ');
        }
        column += wide + usize::from(!is_first);
        line.push_str(&word);
        is_first = false;
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

/// The character, or a mark in place of one that steers a terminal or turns the reading direction.
fn harmless(c: char) -> char {
    let steers =
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if steers { char::REPLACEMENT_CHARACTER } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Category, Gap, Missing, Moment};

    fn part(name: &str, because: &str, contribution: f32) -> Reason {
        Reason { name: name.into(), because: because.into(), contribution }
    }

    fn decision(reasons: Vec<Reason>) -> Decision {
        let score = -2.0 + reasons.iter().map(|r| r.contribution).sum::<f32>();
        Decision {
            verdict: Verdict::Hold,
            action: Verdict::Accept,
            category: Some(Category::CredentialPhishing),
            score: Some(score),
            base: -2.0,
            threshold: 4.5,
            reasons,
            gaps: vec![Gap::new(Missing::Spf, "DNS answered SERVFAIL for example.org")],
        }
    }

    fn told(decision: &Decision, facts: &[(&str, String)], reaches: &[Reach]) -> String {
        let id = DecisionId::new(Moment(1_700_000_000_000), 1);
        let because = |name: &str| (name == "reply_to_differs").then_some("the reply goes to another domain");
        let text = explain(&Account { id, decision, facts, reaches, withheld: &[], because: &because });
        assert!(text.lines().all(|line| line.chars().count() <= COLUMNS), "{text}");
        text
    }

    fn reach(name: &str, lowest: f32, highest: f32) -> Reach {
        Reach { name: name.into(), lowest, highest, is_fact: true }
    }

    #[test]
    fn a_held_message_is_told_of() {
        let decision = decision(vec![
            part("reply_to_differs", "the reply goes to another domain", 4.0),
            part("asks_password", "it asks for a password, and says that the account is closed otherwise", 3.25),
            part("sender_known", "sender_known", -0.5),
        ]);
        let facts = [("From", "Anna <anna@example.org>".to_owned()), ("Subject", "Urgent".to_owned())];
        let reaches = [reach("reply_to_differs", -0.5, 4.0), reach("sender_known", -1.0, 1.0)];
        let expected = "\
01HF7YAT000000000000000001: held as credential phishing (monitored only:
accepted)
  From     Anna <anna@example.org>
  Subject  Urgent

Score +4.750 (probability of an attack 99.1 %), threshold 4.50 (98.9 %)

    -2.000  before anything was known
    +4.000  the reply goes to another domain (reply_to_differs)
    +3.250  it asks for a password, and says that the account is closed
            otherwise (asks_password)
    -0.500  sender_known
    +4.750  in all

Not known
  - spf: DNS answered SERVFAIL for example.org

It would not have been held, had this fact been otherwise:
  - the reply goes to another domain (+4.00 could have been -0.50)
";
        assert_eq!(told(&decision, &facts, &reaches), expected);
    }

    fn check(decision: &Decision, reaches: &[Reach], has: &[&str], lacks: &[&str]) {
        let text = told(decision, &[], reaches);
        for part in has {
            assert!(text.contains(part), "{part} is not in:\n{text}");
        }
        for part in lacks {
            assert!(!text.contains(part), "{part} is in:\n{text}");
        }
    }

    #[test]
    fn what_was_done_instead_is_said() {
        let mut held = decision(Vec::new());
        check(&held, &[], &["held as credential phishing (monitored only:\naccepted)"], &[]);
        held.action = Verdict::Tag;
        check(&held, &[], &["held as credential phishing (tagged instead)"], &["monitored"]);
        held.action = Verdict::Hold;
        check(&held, &[], &["held as credential phishing\n"], &["instead"]);
    }

    #[test]
    fn weak_reasons_are_one_sum() {
        let many = |n| decision((0..n).map(|i| part(&format!("s{i}"), "so", 0.5)).collect());
        check(&many(REASONS_MAX), &[], &["(s19)"], &["weaker"]);
        check(&many(REASONS_MAX + 2), &[], &["(s19)", "+1.000  2 weaker ones together"], &["(s20)"]);
    }

    #[test]
    fn what_no_fact_would_change_is_said() {
        let held = decision(vec![part("reply_to_differs", "so", 8.0)]);
        let said = "Had no fact spoken against it, it would still have been held.";
        check(&held, &[reach("reply_to_differs", 7.0, 8.0)], &[said], &["otherwise"]);
        let mut accepted = decision(vec![part("sender_known", "so", -0.5), part("reply_to_differs", "so", 1.0)]);
        accepted.verdict = Verdict::Accept;
        let said = "Had no fact spoken for it, it would still not have reached the next";
        check(
            &accepted,
            &[reach("sender_known", -0.5, 1.0), reach("reply_to_differs", 0.0, 9.0)],
            &[said],
            &["had this"],
        );
    }

    #[test]
    fn an_accepted_message_tells_what_kept_it_below() {
        let mut accepted = decision(vec![part("reply_to_differs", "so", -1.0), part("sender_known", "so", 2.0)]);
        accepted.verdict = Verdict::Accept;
        let reaches = [reach("reply_to_differs", -1.0, 7.0), reach("sender_known", 0.0, 9.0)];
        let said = "It would have reached the next threshold, had this been so:\n  - the reply goes to another domain";
        check(&accepted, &reaches, &["next threshold 4.50", said], &["not have been", "  - sender_known"]);
    }

    #[test]
    fn policy_entries_stand_first_and_need_no_change_of_facts() {
        let reaches = [reach("reply_to_differs", 0.0, 7.0)];
        let mut blocked = decision(vec![part("block", "evil.example is on the block list", 0.0), part("x", "so", 8.0)]);
        check(&blocked, &reaches, &["By policy: evil.example is on the block list (block)"], &["otherwise"]);
        blocked.reasons[0].name = "allow_unproved".into();
        check(&blocked, &reaches, &["By policy"], &[]);
        blocked.score = None;
        check(&blocked, &reaches, &["No score."], &["probability", "otherwise"]);
        blocked.score = Some(1.0);
        blocked.threshold = f32::INFINITY;
        check(&blocked, &[], &["no threshold is set"], &["inf"]);
    }

    #[test]
    fn hostile_text_cannot_steer_the_terminal() {
        let facts = [("Subject", format!("a\u{1b}[2Jb\u{202e}c {}", "w".repeat(500)))];
        let text = told(&decision(Vec::new()), &facts, &[]);
        assert!(text.contains("a\u{fffd}[2Jb\u{fffd}c"), "{text}");
    }
}
