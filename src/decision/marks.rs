//! What sender and reader see of a decision: header fields, a subject prefix, the words of a refusal.

use serde::{Deserialize, Serialize};

use super::{Decision, DecisionId, Policy, Reason, Verdict};
use crate::mail::Direction;

/// How every header field of Kith's own begins. Whatever comes from outside under such a name is a forgery.
pub const HEADER_PREFIX: &str = "X-Kith-";

/// Longest subject prefix: it is read on telephones.
const PREFIX_BYTES_MAX: usize = 40;
/// Where a field is folded (RFC 5322 §2.1.1 asks for 78 with the line end).
const LINE_BYTES: usize = 76;

/// Which messages bear marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Marks {
    /// None.
    Nothing,
    /// Those that are tagged or held.
    #[default]
    Flagged,
    /// All, and in monitor mode too.
    Everything,
}

/// Marks on messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tagging {
    /// Which messages to the organisation's own people bear `X-Kith-` header fields: `nothing`, `flagged` or
    /// `everything`. Held mail bears them wherever it goes, so that it is found by its id.
    pub headers: Marks,
    /// Which messages that leave the organisation bear `X-Kith-Verdict` and `X-Kith-ID`, likewise. Score and reasons never
    /// leave it, and neither does the subject prefix.
    pub headers_outbound: Marks,
    /// Reasons named in `X-Kith-Reasons`, strongest first; 0 leaves the field out.
    pub reasons_max: usize,
    /// Put before the subject of tagged messages to the organisation's own people; empty leaves subjects (and the
    /// signatures over them) alone.
    pub subject_prefix: String,
}

impl Default for Tagging {
    fn default() -> Self {
        Self {
            // Mail programs sort by them; who is not suspected need not be told a score.
            headers: Marks::Flagged,
            // Other people's filters would take our word against us, and what is suspected here is logged here.
            headers_outbound: Marks::Nothing,
            // As many as a person takes in at a glance.
            reasons_max: 5,
            // A changed subject breaks the sender's DKIM signature for every host after this one.
            subject_prefix: String::new(),
        }
    }
}

impl Tagging {
    /// What is wrong with them.
    pub(super) fn faults(&self) -> Vec<String> {
        let prefix = &self.subject_prefix;
        let sound = prefix.len() <= PREFIX_BYTES_MAX && prefix.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        if sound {
            return Vec::new();
        }
        vec![format!("policy.tagging.subject_prefix must be at most {PREFIX_BYTES_MAX} ASCII characters on one line")]
    }
}

/// The header fields to add to a message, as name and value; folded lines are separated by LF and begin with a tab. What
/// goes to strangers bears no score and no reasons, from which an attacker would learn.
pub fn marks(
    decision: &Decision,
    id: DecisionId,
    direction: Direction,
    tagging: &Tagging,
) -> Vec<(&'static str, String)> {
    let flagged = matches!(decision.action, Verdict::Tag | Verdict::Hold);
    let leaves = direction == Direction::Outbound;
    let setting = if leaves && decision.action != Verdict::Hold { tagging.headers_outbound } else { tagging.headers };
    let wanted = match setting {
        Marks::Nothing => false,
        Marks::Flagged => flagged,
        Marks::Everything => matches!(decision.action, Verdict::Accept | Verdict::Tag | Verdict::Hold),
    };
    if !wanted {
        return Vec::new();
    }
    let category = decision.category.map_or(String::new(), |category| format!(" ({category})"));
    let done = match decision.action {
        action if action == decision.verdict => String::new(),
        Verdict::Accept => "; monitored only".to_owned(),
        // A hold or refusal that could not be written down.
        action => format!("; {} instead", action.name()),
    };
    let mut fields = vec![("X-Kith-Verdict", format!("{}{category}{done}", decision.verdict.name()))];
    if !leaves {
        fields.push(("X-Kith-Score", score_of_threshold(decision)));
    }
    if !leaves && tagging.reasons_max > 0 && !decision.reasons.is_empty() {
        let words =
            decision.reasons.iter().take(tagging.reasons_max).map(|r| format!("{} {:+.2}", token(r), r.contribution));
        fields.push(("X-Kith-Reasons", folded("X-Kith-Reasons".len() + 2, words)));
    }
    fields.push(("X-Kith-ID", id.to_string()));
    fields
}

/// The score never stands without its threshold.
fn score_of_threshold(decision: &Decision) -> String {
    let score = decision.score.map_or("unknown".to_owned(), |score| format!("{score:.2}"));
    format!("{score} threshold {:.2}", decision.threshold)
}

/// A reason's name in the characters that names are made of.
fn token(reason: &Reason) -> String {
    reason.name.chars().map(|c| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '_' }).collect()
}

/// Items separated by commas, with a fold where a line would grow too long; `column` is where the first begins.
fn folded(mut column: usize, items: impl Iterator<Item = String>) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            let fold = column + 3 + item.len() > LINE_BYTES;
            text.push_str(if fold { ",\n\t" } else { ", " });
            column = if fold { 8 } else { column + 2 };
        }
        column += item.len();
        text.push_str(&item);
    }
    text
}

/// The subject of a tagged message with its prefix; `None` where nothing is to be changed.
pub fn marked_subject(subject: &str, decision: &Decision, direction: Direction, tagging: &Tagging) -> Option<String> {
    let prefix = tagging.subject_prefix.trim_end();
    let bears = decision.action == Verdict::Tag && direction != Direction::Outbound;
    let wanted = bears && !prefix.is_empty() && !subject.trim_start().starts_with(prefix);
    wanted.then(|| format!("{prefix} {}", subject.trim_start()))
}

/// The reply to a message that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// 550 or 451.
    pub code: u16,
    /// Enhanced status code (RFC 3463).
    pub enhanced: &'static str,
    /// Lines of printable ASCII without `%`, at least one.
    pub lines: Vec<String>,
}

/// The reply to a refused message: the decision's id, the class of the reasons and who helps, but none of the reasons
/// themselves, from which an attacker would learn. `None` where the message is not refused.
pub fn refusal(decision: &Decision, id: DecisionId, policy: &Policy) -> Option<Refusal> {
    let (code, enhanced, said) = match decision.action {
        Verdict::Reject => (550, "5.7.1", "Message refused"),
        Verdict::Tempfail => (451, "4.7.1", "Message not accepted now, please try again"),
        Verdict::Accept | Verdict::Tag | Verdict::Hold => return None,
    };
    let by_entry = decision.reasons.first().map(|reason| reason.name.as_str());
    let class = match (by_entry, decision.category) {
        (Some("block"), _) => "sender not wanted here".to_owned(),
        (Some("defer_on" | "when_unscored"), _) => "it could not be checked".to_owned(),
        (Some(name), _) if name.starts_with("when_") => "this host is busy".to_owned(),
        (_, Some(category)) => format!("looks like {}", category.name().replace('_', " ")),
        (_, None) => "by policy".to_owned(),
    };
    let mut lines = vec![format!("{said}: {class} (decision {id})")];
    if !policy.contact.is_empty() {
        lines.push(format!("If this is wrong, contact {}", policy.contact.replace('%', "")));
    }
    Some(Refusal { code, enhanced, lines })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Category, Moment};

    fn decision(verdict: Verdict, action: Verdict) -> Decision {
        let reason = |name: &str, contribution| Reason { name: name.into(), because: "it is so".into(), contribution };
        Decision {
            verdict,
            action,
            category: Some(Category::CredentialPhishing),
            score: Some(5.21),
            base: -1.0,
            threshold: 4.6,
            reasons: vec![
                reason("link_names_another_domain", 3.0),
                reason("reply_to\r\nBcc: x", 2.0),
                reason("first_message_from_sender", 1.5),
                reason("sender_known", -0.29),
            ],
            gaps: Vec::new(),
        }
    }

    fn id() -> DecisionId {
        DecisionId::new(Moment(1_700_000_000_000), 1)
    }

    fn check(verdict: Verdict, action: Verdict, tagging: &Tagging, expected: &[&str]) {
        check_to(Direction::Inbound, verdict, action, tagging, expected);
    }

    fn check_to(direction: Direction, verdict: Verdict, action: Verdict, tagging: &Tagging, expected: &[&str]) {
        let fields = marks(&decision(verdict, action), id(), direction, tagging);
        let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_tagged_message_bears_its_reasons() {
        let expected = [
            "X-Kith-Verdict: tag (credential_phishing)",
            "X-Kith-Score: 5.21 threshold 4.60",
            "X-Kith-Reasons: link_names_another_domain +3.00, reply_to__Bcc__x +2.00,\n\t\
             first_message_from_sender +1.50, sender_known -0.29",
            "X-Kith-ID: 01HF7YAT000000000000000001",
        ];
        check(Verdict::Tag, Verdict::Tag, &Tagging::default(), &expected);
    }

    #[test]
    fn settings_say_who_bears_marks() {
        let with = |headers| Tagging { headers, reasons_max: 0, ..Tagging::default() };
        let held = ["X-Kith-Verdict: hold (credential_phishing)"];
        let monitored = ["X-Kith-Verdict: hold (credential_phishing); monitored only"];
        let rest = ["X-Kith-Score: 5.21 threshold 4.60", "X-Kith-ID: 01HF7YAT000000000000000001"];
        check(Verdict::Hold, Verdict::Hold, &with(Marks::Flagged), &[&held[..], &rest].concat());
        check(Verdict::Hold, Verdict::Accept, &with(Marks::Flagged), &[]);
        check(Verdict::Hold, Verdict::Accept, &with(Marks::Everything), &[&monitored[..], &rest].concat());
        let instead = ["X-Kith-Verdict: hold (credential_phishing); tag instead"];
        check(Verdict::Hold, Verdict::Tag, &with(Marks::Flagged), &[&instead[..], &rest].concat());
        check(Verdict::Hold, Verdict::Hold, &with(Marks::Nothing), &[]);
        check(Verdict::Reject, Verdict::Reject, &with(Marks::Everything), &[]);
    }

    #[test]
    fn what_leaves_the_organisation_tells_strangers_little() {
        let marked = ["X-Kith-Verdict: tag (credential_phishing)", "X-Kith-ID: 01HF7YAT000000000000000001"];
        let held = ["X-Kith-Verdict: hold (credential_phishing)", marked[1]];
        let out = |verdict, headers_outbound, expected: &[&str]| {
            let tagging = Tagging { headers_outbound, ..Tagging::default() };
            check_to(Direction::Outbound, verdict, verdict, &tagging, expected);
        };
        out(Verdict::Tag, Marks::Nothing, &[]);
        out(Verdict::Tag, Marks::Flagged, &marked);
        out(Verdict::Accept, Marks::Flagged, &[]);
        out(Verdict::Accept, Marks::Everything, &["X-Kith-Verdict: accept (credential_phishing)", marked[1]]);
        out(Verdict::Hold, Marks::Nothing, &held);
        let internal = Tagging { reasons_max: 0, headers_outbound: Marks::Everything, ..Tagging::default() };
        let all = [marked[0], "X-Kith-Score: 5.21 threshold 4.60", marked[1]];
        check_to(Direction::Internal, Verdict::Tag, Verdict::Tag, &internal, &all);
        check_to(Direction::Internal, Verdict::Accept, Verdict::Accept, &internal, &[]);
    }

    #[test]
    fn reasons_in_a_field_have_a_limit() {
        for (reasons_max, expected) in [(1, 1), (3, 3), (4, 4), (5, 4)] {
            let tagging = Tagging { reasons_max, ..Tagging::default() };
            let fields = marks(&decision(Verdict::Tag, Verdict::Tag), id(), Direction::Inbound, &tagging);
            assert_eq!(fields[2].1.split(',').count(), expected);
            assert!(fields[2].1.lines().all(|line| line.len() <= LINE_BYTES));
        }
    }

    #[test]
    fn a_subject_is_marked_once_and_only_when_tagged() {
        let tagging = Tagging { subject_prefix: "[suspect] ".into(), ..Tagging::default() };
        let marked = |subject, verdict, action, tagging: &Tagging| {
            marked_subject(subject, &decision(verdict, action), Direction::Inbound, tagging)
        };
        assert_eq!(marked(" Hello", Verdict::Tag, Verdict::Tag, &tagging).as_deref(), Some("[suspect] Hello"));
        assert_eq!(marked(" [suspect] Hello", Verdict::Tag, Verdict::Tag, &tagging), None);
        assert_eq!(marked("Hello", Verdict::Tag, Verdict::Tag, &Tagging::default()), None);
        assert_eq!(marked("Hello", Verdict::Tag, Verdict::Accept, &tagging), None);
        assert_eq!(marked("Hello", Verdict::Hold, Verdict::Hold, &tagging), None);
        let tagged = decision(Verdict::Tag, Verdict::Tag);
        assert_eq!(marked_subject("Hello", &tagged, Direction::Outbound, &tagging), None);
        let internal = marked_subject("Hello", &tagged, Direction::Internal, &tagging);
        assert_eq!(internal.as_deref(), Some("[suspect] Hello"));
    }

    #[test]
    fn a_prefix_is_short_and_plain() {
        let faults =
            |subject_prefix: &str| Tagging { subject_prefix: subject_prefix.into(), ..Tagging::default() }.faults();
        assert!(faults(&"p".repeat(40)).is_empty());
        assert_eq!(faults(&"p".repeat(41)).len(), 1);
        assert_eq!(faults("a\nb").len(), 1);
        assert_eq!(faults("Verdächtig").len(), 1);
    }

    #[test]
    fn a_refusal_names_the_decision_and_the_class() {
        let policy = Policy { contact: "postmaster@own.example 100%".into(), ..Policy::default() };
        let refused = refusal(&decision(Verdict::Reject, Verdict::Reject), id(), &policy).expect("refused");
        assert_eq!((refused.code, refused.enhanced), (550, "5.7.1"));
        assert_eq!(
            refused.lines,
            [
                "Message refused: looks like credential phishing (decision 01HF7YAT000000000000000001)",
                "If this is wrong, contact postmaster@own.example 100"
            ]
        );
        let later =
            refusal(&decision(Verdict::Tempfail, Verdict::Tempfail), id(), &Policy::default()).expect("refused");
        assert_eq!((later.code, later.enhanced, later.lines.len()), (451, "4.7.1", 1));
        assert_eq!(refusal(&decision(Verdict::Reject, Verdict::Accept), id(), &policy), None);
    }

    #[test]
    fn a_refusal_by_policy_says_so() {
        for (name, expected) in [
            ("block", "sender not wanted here"),
            ("defer_on", "it could not be checked"),
            ("when_overloaded", "this host is busy"),
        ] {
            let mut blocked = decision(Verdict::Tempfail, Verdict::Tempfail);
            blocked.reasons.insert(0, Reason { name: name.into(), because: String::new(), contribution: 0.0 });
            let line = refusal(&blocked, id(), &Policy::default()).expect("refused").lines.remove(0);
            assert!(line.contains(expected), "{line}");
        }
    }
}
